"""A call's time in the queue: what the caller hears, whose phone rings, what the log says."""

import asyncio
import contextlib
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from ivr.calllog.events import Decided, NotRecorded, Offered, Queued, TalkEnded
from ivr.channel import CallerGone, QueueRequest, QueueResult, RingOutcome
from ivr.flow.hours import read_hours
from ivr.flow.queues import ServiceQueue
from ivr.flow.zoned import Zoned
from ivr.flowtest.clock import VirtualLoop
from ivr.golive.standing import Standing
from ivr.queueing import Queueing
from ivr.recordings import Recordings
from routing.bus import QUEUES
from routing.dispatcher import Dispatcher
from routing.explain.written import read
from routing.model import Operator, OperatorState, Queue
from routing.router import Router
from tests.unit.ivr.line import Line, a_call
from tests.until import until

MOMENT = 1_767_323_045.0  # 2026-01-02 03:04:05 UTC
SOUND = bytes(44 + 300 * 16_000)  # five minutes: longer than any conversation here


class Hotline:
    """A queue ``technical`` with its operators, and the callers who are in it."""

    def __init__(self, folder, *others: ServiceQueue) -> None:
        tokens = count(1)
        self.now, self.wall = MOMENT, 0.0
        self.queues = [ServiceQueue("technical", ring=15.0), *others]
        router = Router([queue.routed for queue in self.queues], tokens=lambda: f"t{next(tokens)}")
        self.dispatcher = Dispatcher(router, lambda: self.now)
        self.folder = folder
        self.recordings = Recordings(folder)
        self.tasks = []
        self.rung_after = []
        self.standing = None

    def clock(self) -> float:
        """The wall clock, ``wall`` seconds before the steady one."""
        return self.now + self.wall

    def operator(self, name: str) -> None:
        self.dispatcher.join(Operator(name, {"technical": 3, "language.ru": 5}), ready=True)

    def state(self, name: str) -> tuple[OperatorState, str]:
        return next((view.state, view.reason) for view in self.dispatcher.operators() if view.id == name)

    def call(self, call=None, **request):
        line = Line()
        call = call or a_call(self.clock)
        call.service = SimpleNamespace(queues={queue.name: queue for queue in self.queues})
        request = QueueRequest("technical", {"technical": 2, "language.ru": 1}, **request)
        queueing = Queueing(
            self.dispatcher,
            self.recordings,
            now=self.clock,
            steady=lambda: self.now,
            free_to_ring=self.rung_after.append,
            standing=self.standing,
        )
        task = asyncio.create_task(queueing.wait(call, line, request))
        self.tasks.append(task)
        return call, line, task

    async def waiting(self, callers: int) -> None:
        async with asyncio.timeout(10), self.dispatcher.bus.subscribe(QUEUES) as changes:
            if self.dispatcher.queues()[0].waiting == callers:
                return
            async for _ in changes:
                if self.dispatcher.queues()[0].waiting == callers:
                    return


@pytest.fixture
async def hotline(tmp_path):
    hotline = Hotline(tmp_path / "calls")
    yield hotline
    for task in hotline.tasks:
        task.cancel()
    await asyncio.gather(*hotline.tasks, return_exceptions=True)


def talk(ring, **more) -> None:
    """The operator picks up, the two talk and are recorded, and it ends."""
    ring.pick_up()
    if ring.record_to:
        ring.record_to.write_bytes(SOUND)
    ring.hang_up(**more)


async def test_music_then_an_operator_then_back_in_the_flow(hotline):
    call, line, task = hotline.call()
    await hotline.waiting(1)
    hotline.operator("anna")
    ring = await line.phone()
    assert (ring.operator, ring.seconds, ring.shown) == ("anna", 15.0, "10000005 ru technical")
    talk(ring, seconds=42.0)
    assert await task is QueueResult.ANSWERED
    assert line.heard == ["music"]
    assert call.journal.words() == [
        "Queued technical",
        "Offered anna",
        "Answered anna",
        "RecordingStarted 2026/01/02/10000005-030405.wav",
        "TalkEnded anna",
    ]
    assert call.journal.of(TalkEnded)[0].seconds == 42.0
    (decided,) = call.journal.of(Decided)
    seen = read(decided.seen)
    assert (seen.chosen, seen.freed, seen.contact.contact.needs) == ("anna", True, {"technical": 2, "language.ru": 1})
    assert (hotline.folder / call.state.recording).read_bytes() == SOUND
    assert hotline.state("anna") == (OperatorState.READY, "")


async def test_a_free_operator_is_rung_before_another_word_is_said(hotline):
    hotline.operator("anna")
    _, line, task = hotline.call(hold="please-hold")
    talk(await line.phone())
    assert await task is QueueResult.ANSWERED
    assert line.heard == ["music"]


async def test_a_caller_for_whom_nobody_is_free_is_asked_to_hold(hotline):
    _, line, task = hotline.call(hold="please-hold")
    line.speech_ends.clear()
    await line.saying.wait()
    hotline.operator("anna")
    assert line.phones.empty()
    line.speech_ends.set()
    talk(await line.phone())
    assert await task is QueueResult.ANSWERED
    assert [said.partition(" ")[0] for said in line.heard] == ["please-hold", "music"]


async def test_two_callers_and_one_operator_in_order_of_arrival(hotline):
    _first, first_line, first_task = hotline.call()
    await hotline.waiting(1)
    hotline.now += 1
    _, second_line, second_task = hotline.call(a_call(lambda: hotline.now, call_id="c2", ticket=10000013))
    await hotline.waiting(2)
    hotline.operator("anna")
    ring = await first_line.phone()
    assert second_line.phones.empty()
    talk(ring)
    ring = await second_line.phone()
    assert ring.shown.startswith("10000013")
    talk(ring)
    assert [await first_task, await second_task] == [QueueResult.ANSWERED] * 2


@pytest.mark.parametrize("outcome", [RingOutcome.NO_ANSWER, RingOutcome.DECLINED, RingOutcome.UNREACHABLE])
async def test_who_does_not_pick_up_is_set_not_ready_and_the_next_is_rung(hotline, outcome):
    hotline.operator("anna")
    hotline.operator("olga")
    call, line, task = hotline.call()
    (await line.phone()).over(outcome)
    second = await line.phone()
    assert second.operator == "olga"
    assert line.heard == ["music", "music"]
    assert hotline.state("anna") == (OperatorState.NOT_READY, outcome.value)
    talk(second)
    await task
    assert call.journal.words()[1:4] == ["Offered anna", f"OfferFailed anna {outcome.value}", "Offered olga"]
    assert call.state.refused_by == ["anna"]


async def test_a_caller_who_hangs_up_waiting_leaves_the_queue(hotline):
    _, line, task = hotline.call()
    await hotline.waiting(1)
    line.hang_up()
    with pytest.raises(CallerGone):
        await task
    await hotline.waiting(0)
    hotline.operator("anna")
    assert hotline.state("anna") == (OperatorState.READY, "")


async def test_a_caller_who_hangs_up_while_it_rings_frees_the_operator(hotline):
    hotline.operator("anna")
    call, line, task = hotline.call()
    await line.phone()
    line.hang_up()
    with pytest.raises(CallerGone):
        await task
    assert call.journal.words()[-1] == "OfferFailed anna withdrawn"
    assert hotline.state("anna") == (OperatorState.READY, "")


async def test_a_caller_who_hangs_up_in_conversation_is_told_after_its_end_is_logged(hotline):
    hotline.operator("anna")
    call, line, task = hotline.call()
    talk(await line.phone(), seconds=7.0, caller_gone=True)
    with pytest.raises(CallerGone):
        await task
    assert call.journal.words()[-1] == "TalkEnded anna"
    assert call.state.talk_seconds == 7.0
    assert hotline.state("anna") == (OperatorState.READY, "")


async def test_where_another_engine_decides_a_free_operator_is_rung_before_any_words(hotline):
    hotline.dispatcher.decides_within = 10.0
    _, line, _ = hotline.call(hold="please-hold")
    await hotline.waiting(1)
    hotline.operator("anna")
    await line.phone()
    assert line.heard == ["music"]


async def test_where_another_engine_finds_nobody_the_caller_is_asked_to_hold(hotline):
    hotline.dispatcher.decides_within = 0.01
    _, line, _ = hotline.call(hold="please-hold")
    await line.saying.wait()
    assert line.heard == ["please-hold "]


async def test_the_longest_wait_ends_it(hotline):
    call, line, task = hotline.call(max_wait=0.01)
    await hotline.waiting(1)
    hotline.now += 0.01
    assert await asyncio.wait_for(task, 10) is QueueResult.TIMEOUT
    assert call.journal.words() == ["Queued technical", "QueueLeft timeout"]
    assert line.heard[-1] == "silence"
    await hotline.waiting(0)


async def test_a_phone_that_rings_when_the_longest_wait_passes_may_still_be_answered(hotline):
    hotline.operator("anna")
    _, line, task = hotline.call(max_wait=60.0)
    ring = await line.phone()
    hotline.now += 61.0
    talk(ring)
    assert await task is QueueResult.ANSWERED


async def test_a_call_that_waited_before_a_restart_keeps_its_place(hotline):
    resumed = a_call(lambda: hotline.now, waiting_since=MOMENT - 300.0)
    _, newer_line, _ = hotline.call(a_call(lambda: hotline.now, call_id="c2"))
    call, line, _ = hotline.call(resumed)
    await hotline.waiting(2)
    hotline.operator("anna")
    await line.phone()
    assert newer_line.phones.empty()
    assert [event.since for event in call.journal.of(Queued)] == [MOMENT - 300.0] * 2


async def test_the_longest_wait_counts_from_the_first_queueing(hotline):
    resumed = a_call(lambda: hotline.now, waiting_since=MOMENT - 300.0)
    _, line, task = hotline.call(resumed, max_wait=400.0)
    await line.time_passes(hotline, 99.0)
    assert not task.done()
    await line.time_passes(hotline, 2.0)
    assert await asyncio.wait_for(task, 10) is QueueResult.TIMEOUT


async def test_a_clock_set_forward_between_two_engines_sends_no_waiting_caller_away(hotline):
    hotline.wall = 86_400.0
    resumed = a_call(hotline.clock, waiting_since=MOMENT)
    _, line, task = hotline.call(resumed, max_wait=1500.0)
    await line.time_passes(hotline, 59.0)
    assert not task.done()
    await line.time_passes(hotline, 2.0)
    assert await asyncio.wait_for(task, 10) is QueueResult.TIMEOUT


async def test_a_clock_set_back_between_two_engines_keeps_nobody_for_ever(hotline):
    hotline.wall = -86_400.0
    call, line, task = hotline.call(a_call(hotline.clock, waiting_since=MOMENT), max_wait=100.0)
    await line.time_passes(hotline, 101.0)
    assert await asyncio.wait_for(task, 10) is QueueResult.TIMEOUT
    assert call.state.queued_since == MOMENT - 86_400.0


async def test_a_clock_that_is_set_while_callers_wait_is_told_and_changes_no_wait(hotline):
    call, line, task = hotline.call(max_wait=100.0)
    await hotline.waiting(1)
    hotline.wall = 86_400.0
    await line.time_passes(hotline, 99.0)
    assert not task.done()
    hotline.operator("anna")
    ring = await line.phone()
    assert ring.seconds == 15.0
    talk(ring)
    assert await task is QueueResult.ANSWERED
    assert call.journal.of(Offered)[0].at == MOMENT + 99.0 + 86_400.0
    assert call.state.recording.startswith("2026/01/03/")


async def test_a_second_wait_after_a_conversation_begins_anew(hotline):
    hotline.operator("anna")
    call, line, task = hotline.call()
    talk(await line.phone())
    await task
    hotline.now += 100.0
    hotline.call(call)
    await asyncio.sleep(0)
    assert call.state.queued_since == MOMENT + 100.0


async def test_a_key_speaks_the_number_of_the_ticket_and_the_music_goes_on(hotline):
    _, line, _ = hotline.call()
    await hotline.waiting(1)
    line.press("7")
    line.press("5")
    await line.saying.wait()
    assert line.heard == ["music", "silence", "your-ticket-number 10 00 00 05"]
    hotline.operator("anna")
    await line.phone()
    assert line.heard[-1] == "music"


async def test_an_offer_that_comes_while_the_number_is_spoken_is_not_missed(hotline):
    _, line, task = hotline.call()
    await hotline.waiting(1)
    line.speech_ends.clear()
    line.press("5")
    await line.saying.wait()
    hotline.operator("anna")
    hotline.now += 12.0
    assert line.phones.empty()
    line.speech_ends.set()
    ring = await line.phone()
    assert ring.seconds == 14.0  # of 15 + 15 seconds 12 are gone, and 4 are kept back so that it ends in time
    talk(ring)
    assert await task is QueueResult.ANSWERED


async def test_a_queue_that_is_closed_turns_the_caller_back_into_the_flow(hotline):
    call, _, task = hotline.call()
    await hotline.waiting(1)
    hotline.dispatcher.set_queues([Queue("technical", open=False)])
    assert await task is QueueResult.CLOSED
    assert call.journal.words()[-1] == "QueueLeft closed"


async def test_it_is_told_how_long_after_they_were_free_an_operator_was_rung(hotline):
    hotline.operator("anna")
    _, line, _ = hotline.call()
    ring = await line.phone()
    hotline.now += 0.125
    ring.dialled()
    assert hotline.rung_after == [0.125]


async def test_the_next_call_is_offered_when_the_conversation_ends_not_when_its_file_is_there(hotline):
    hotline.operator("anna")
    call, line, task = hotline.call()
    ring = await line.phone()
    ring.pick_up()
    _, next_line, _ = hotline.call(a_call(hotline.clock, call_id="c2"))
    await hotline.waiting(1)
    ring.put_down()
    assert (await next_line.phone()).operator == "anna"
    assert not task.done()
    ring.record_to.write_bytes(SOUND)
    ring.hang_up(seconds=42.0)
    assert await task is QueueResult.ANSWERED
    assert call.state.talk_seconds == 42.0
    assert hotline.state("anna") == (OperatorState.OFFERED, "")


async def test_a_full_disk_leaves_the_conversation_unrecorded_and_says_so(hotline, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9 - 10**6, 10**6))
    hotline.operator("anna")
    call, line, task = hotline.call()
    ring = await line.phone()
    assert ring.record_to is None
    talk(ring)
    assert await task is QueueResult.ANSWERED
    assert call.state.unrecorded == "only 1 MB are free, 50 MB are needed"
    assert capsys.readouterr().out.count("conversation not recorded") == 1


async def test_a_folder_that_cannot_be_made_leaves_the_conversation_unrecorded(hotline):
    hotline.folder.write_text("a file where the folder should be")
    hotline.operator("anna")
    call, line, task = hotline.call()
    talk(await line.phone())
    assert await task is QueueResult.ANSWERED
    assert call.journal.words()[2:] == ["Answered anna", "NotRecorded", "TalkEnded anna"]
    assert str(hotline.folder) not in call.state.unrecorded


@pytest.mark.parametrize("written", [None, b"", b"x" * 44])
async def test_a_recording_that_is_missing_or_empty_is_no_recording(hotline, written):
    hotline.operator("anna")
    call, line, task = hotline.call()
    ring = await line.phone()
    ring.pick_up()
    if written is not None:
        ring.record_to.write_bytes(written)
    ring.hang_up()
    assert await task is QueueResult.ANSWERED
    assert call.state.recording == ""
    assert call.state.unrecorded


async def test_a_recording_that_broke_off_is_kept_and_what_is_missing_is_told(hotline):
    hotline.operator("anna")
    call, line, task = hotline.call()
    ring = await line.phone()
    ring.pick_up()
    ring.record_to.write_bytes(SOUND[: 44 + 12 * 16_000])
    ring.hang_up(seconds=85.0)
    assert await task is QueueResult.ANSWERED
    assert call.state.recording.endswith(".wav")
    assert call.state.unrecorded.startswith("only 12 of 85 s")


async def test_a_conversation_that_is_not_to_be_recorded_says_nothing_of_recording(hotline):
    hotline.operator("anna")
    call, line, task = hotline.call(record=False)
    ring = await line.phone()
    assert ring.record_to is None
    talk(ring)
    await task
    assert call.journal.of(NotRecorded) == []


async def test_a_conversation_whose_beginning_nobody_saw_is_left_in_peace_and_logged_at_its_end(hotline):
    """The switch tells of an answer by another connection, which may be away."""
    hotline.operator("anna")
    hotline.operator("olga")
    call, line, task = hotline.call()
    ring = await line.phone()
    hotline.now += 300.0
    hotline.dispatcher.change(Operator("olga"))  # time passes: the offer runs out
    assert hotline.state("anna") == (OperatorState.NOT_READY, "expired")
    assert hotline.state("olga") == (OperatorState.READY, "")
    ring.record_to.write_bytes(SOUND)
    ring.hang_up(seconds=290.0)
    assert await task is QueueResult.ANSWERED
    assert call.journal.words()[-1] == "TalkEnded anna"
    assert call.state.talk_seconds == 290.0
    assert hotline.state("anna") == (OperatorState.READY, "")


async def test_a_demand_that_nobody_can_meet_is_logged_at_once(hotline, capsys):
    hotline.dispatcher.join(Operator("anna", {"technical": 1}), ready=True)
    hotline.call()
    await hotline.waiting(1)
    assert "no operator has technical at 2; the best has 1" in capsys.readouterr().out


async def test_a_cancelled_engine_leaves_the_log_as_it_is(hotline):
    """The conversation goes on in the switch; the next engine finds it and goes on from this log."""
    hotline.operator("anna")
    call, line, task = hotline.call()
    (await line.phone()).pick_up()
    task.cancel()
    await asyncio.wait([task])
    assert call.state.talking


GENERAL = ServiceQueue("general", ring=15.0)
EVENING = MOMENT + 120.0
"""Two minutes after the tests' moment, at a full minute of no clock but its own."""


def led(hotline, **more) -> None:
    """The queue ``technical`` has these ways on."""
    hotline.queues[0] = replace(hotline.queues[0], **more)


@pytest.fixture
async def two_queues(tmp_path):
    hotline = Hotline(tmp_path / "calls", GENERAL)
    yield hotline
    for task in hotline.tasks:
        task.cancel()
    await asyncio.gather(*hotline.tasks, return_exceptions=True)


def waiting(hotline) -> dict[str, int]:
    return {view.name: view.waiting for view in hotline.dispatcher.queues() if view.waiting}


async def test_who_has_waited_long_enough_goes_over_and_keeps_the_time(two_queues):
    led(two_queues, overflow="general", overflow_after=300.0)
    call, line, task = two_queues.call(max_wait=400.0, hold="please-hold")
    await line.time_passes(two_queues, 299.0)
    assert waiting(two_queues) == {"technical": 1}
    await line.time_passes(two_queues, 1.0)
    await until(lambda: waiting(two_queues) == {"general": 1})
    assert [(each.queue, each.since, each.why) for each in call.journal.of(Queued)] == [
        ("technical", MOMENT, ""),
        ("general", MOMENT, "overflow"),
    ]
    assert [said.partition(" ")[0] for said in line.heard].count("please-hold") == 1, "asked to hold once"
    await line.time_passes(two_queues, 101.0)
    assert await asyncio.wait_for(task, 10) is QueueResult.TIMEOUT, "the longest wait counts from the beginning"


async def test_when_the_queue_closes_who_waits_is_served_while_somebody_is_on_duty_and_then_led_on(two_queues):
    hours = datetime.fromtimestamp(EVENING, UTC)
    led(two_queues, overflow="general", opening=Zoned(read_hours({"daily": f"00:00-{hours:%H:%M}"}), ZoneInfo("UTC")))
    two_queues.operator("anna")
    _, first_line, _ = two_queues.call()
    ring = await first_line.phone()
    ring.pick_up()
    call, line, task = two_queues.call(a_call(two_queues.clock, call_id="c2"))
    await line.time_passes(two_queues, 200.0)
    assert waiting(two_queues) == {"technical": 1}, "anna comes free, perhaps"
    two_queues.dispatcher.not_ready("anna", "shift-over")
    ring.hang_up()
    await line.time_passes(two_queues, 60.0)
    await until(lambda: waiting(two_queues) == {"general": 1})
    assert [each.why for each in call.journal.of(Queued)] == ["", "closed"]
    assert call.journal.of(Queued)[-1].since == MOMENT
    assert not task.done()


async def test_a_queue_that_is_closed_by_hand_leads_on_where_it_overflows_to(two_queues):
    led(two_queues, overflow="general")
    call, _, task = two_queues.call()
    await until(lambda: waiting(two_queues) == {"technical": 1})
    two_queues.dispatcher.set_queues([Queue("technical", open=False), Queue("general")])
    await until(lambda: waiting(two_queues) == {"general": 1})
    two_queues.dispatcher.set_queues([Queue("technical", open=False), Queue("general", open=False)])
    assert await asyncio.wait_for(task, 10) is QueueResult.CLOSED
    assert call.journal.words()[-1] == "QueueLeft closed"


async def test_queues_that_change_under_a_call_lead_it_nowhere_twice(two_queues):
    led(two_queues, overflow="general")
    call, _, task = two_queues.call()
    await until(lambda: waiting(two_queues) == {"technical": 1})
    two_queues.dispatcher.set_queues([Queue("technical", open=False), Queue("general")])
    await until(lambda: waiting(two_queues) == {"general": 1})
    call.service.queues = {"technical": ServiceQueue("technical"), "general": replace(GENERAL, overflow="technical")}
    two_queues.dispatcher.set_queues([Queue("technical"), Queue("general", open=False)])
    assert await asyncio.wait_for(task, 10) is QueueResult.CLOSED


def test_other_terms_that_come_in_the_moment_the_wait_ends_still_count(tmp_path):
    async def waited():
        loop = asyncio.get_running_loop()
        dispatcher, waits = Dispatcher(Router([Queue("technical")], tokens=str), loop.time), []
        standing = Standing(dispatcher)
        standing.waiting = lambda wait: contextlib.nullcontext(waits.append(wait))
        clocks = {"now": loop.time, "steady": loop.time, "free_to_ring": lambda _: None}
        queueing = Queueing(dispatcher, Recordings(tmp_path), standing=standing, **clocks)
        call = a_call(loop.time)
        call.service = SimpleNamespace(queues={})
        task = loop.create_task(queueing.wait(call, Line(), QueueRequest("technical", {}, max_wait=100.0)))
        await until(lambda: waits)
        longer = QueueRequest("technical", {}, max_wait=500.0)
        loop.call_at(100.0, waits[0].change, longer, "another version")
        assert await task is QueueResult.TIMEOUT
        return loop.time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(waited()) == pytest.approx(500.0)
