"""A caller meets the right line, language and number, and whatever breaks, keeps their place."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from ivr.call import Call
from ivr.calllog.events import AnyEvent, End, Ended, LanguageChosen, LetGo, NodeEntered, Queued, Resumed, Started
from ivr.calllog.state import CallState
from ivr.channel import CallerGone
from ivr.flow.service import Service, load
from ivr.reception import MOST_AT_WORK, Arrival, Reception
from ivr.recovery import Unfinished
from ivr.session import Walks
from ivr.settings import PROJECT
from tests.unit.scripted import FakePrompts, Requests, ScriptedCaller, Vault, names
from tests.until import until

AT = 1_795_000_000.0
KAZAN, NOWHERE = "88005553538", "74951112233"
CALLER = "+79161234567"


@dataclass
class Journal:
    calls: dict[str, list[AnyEvent]] = field(default_factory=dict)

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        events = self.calls.setdefault(call_id, [])
        assert seq == len(events) + 1, "events are numbered without a gap"
        events.append(event)


@dataclass
class Memory:
    known: dict[str, str] = field(default_factory=dict)
    broken: bool = False

    def remember(self, caller: str, language: str) -> None:
        self.known[caller] = language

    async def recall(self, caller: str) -> str | None:
        if self.broken:
            raise RuntimeError("a fault of ours")
        return self.known.get(caller)


class Door:
    """A reception, and everything behind it that a test wants to see."""

    def __init__(self, service: Service, messages: Path) -> None:
        self.journal, self.memory, self.taken_up = Journal(), Memory(), list[CallState]()
        self.numbers = count(10_000_004)
        self.unfinished = Unfinished(self.journal, lambda: AT + 5)
        self.walked: list[Call] = []
        self.over = True
        self.walk = Walks().run
        self.reception = Reception(
            service=lambda: (service, FakePrompts()),
            take_number=lambda: next(self.numbers),
            journal=self.journal,
            requests=Requests(),
            vault=Vault(),
            languages=self.memory,
            unfinished=self.unfinished,
            now=lambda: AT,
            messages=messages,
            walk=self._walk,
            taken_up=self.taken_up.append,
        )

    async def _walk(self, service: Service, call: Call) -> None:
        self.walked.append(call)
        await self.walk(service, call)

    async def receive(
        self, caller: ScriptedCaller, dialled: str = KAZAN, number: str = CALLER, call_id: str = "c.1"
    ) -> list[AnyEvent]:
        self.over = await self.reception.receive(Arrival(call_id, dialled, number), caller)
        return self.journal.calls[call_id]

    def started(self, call_id: str = "c.1") -> Started:
        first = self.journal.calls[call_id][0]
        assert isinstance(first, Started)
        return first


@pytest.fixture(scope="module")
def service() -> Service:
    return load(PROJECT)


@pytest.fixture
def door(service: Service, tmp_path: Path) -> Iterator[Door]:
    made = Door(service, tmp_path)
    yield made
    assert not made.reception.in_progress, "a session that is over is not in progress"
    assert not made.reception.calls()


async def waits_for_ever(service: Service, call: Call) -> None:
    call.log(NodeEntered(at=AT, flow="technical", node="to-technical"))
    call.log(Queued(at=AT, queue="technical", needs={"technical": 1}, since=AT))
    await asyncio.Event().wait()


async def test_a_call_begins_on_its_line_in_the_lines_first_language(door: Door) -> None:
    await door.receive(ScriptedCaller("!"))
    started = door.started()
    assert (started.called, started.caller, started.line) == ("+78005553538", CALLER, "tatarstan")
    assert (started.language, started.flow, started.ticket) == ("tt", "regional", 10_000_004)
    assert door.walked[0].offered_languages == ("tt", "ru", "en")


@pytest.mark.parametrize(("written", "caller"), [("89161234567", CALLER), ("", ""), ("112", ""), ("+" * 30, "")])
async def test_the_callers_number_is_e164_or_withheld(door: Door, written: str, caller: str) -> None:
    await door.receive(ScriptedCaller("!"), number=written)
    assert door.started().caller == caller


@pytest.mark.parametrize("dialled", [NOWHERE, "", "0", "+" * 20])
async def test_an_unknown_number_has_a_line_too(door: Door, dialled: str) -> None:
    await door.receive(ScriptedCaller("!"), dialled=dialled)
    assert (door.started().line, door.started().flow) == ("unknown", "unknown-number")
    assert door.started().dialled == dialled


async def test_the_language_of_the_last_call_is_remembered(door: Door) -> None:
    door.memory.known[CALLER] = "ru"
    events = await door.receive(ScriptedCaller("!"))
    assert events[1] == LanguageChosen(at=AT, language="ru")


async def test_a_language_that_the_line_does_not_speak_is_not_taken(door: Door) -> None:
    door.memory.known[CALLER] = "ba"
    assert LanguageChosen not in [type(event) for event in await door.receive(ScriptedCaller("!"))]


async def test_a_withheld_number_has_no_memory(door: Door) -> None:
    door.memory.known[""] = "en"
    assert LanguageChosen not in [type(event) for event in await door.receive(ScriptedCaller("!"), number="")]


async def test_two_calls_have_two_tickets_and_each_ends_once(door: Door) -> None:
    await door.receive(ScriptedCaller("!"), call_id="c.1")
    await door.receive(ScriptedCaller("0"), call_id="c.2")
    assert {door.started(call).ticket for call in ("c.1", "c.2")} == {10_000_004, 10_000_005}
    for events in door.journal.calls.values():
        assert names(events).count("Ended") == 1


async def test_a_call_in_progress_is_seen(door: Door) -> None:
    door.walk = waits_for_ever
    task = asyncio.ensure_future(door.reception.receive(Arrival("c.1", KAZAN, CALLER), ScriptedCaller()))
    await until(lambda: bool(door.reception.calls()) and door.reception.calls()[0].waiting)
    assert door.reception.calls()[0].ticket == 10_000_004
    task.cancel()
    await asyncio.wait([task])


async def test_a_lost_connection_is_held_and_not_ended(door: Door) -> None:
    with pytest.raises(CallerGone):
        await door.receive(ScriptedCaller(steps_to_live=5, lost=True))
    assert "Ended" not in names(door.journal.calls["c.1"])
    assert [call.seen for call in door.unfinished.all()] == [AT + 5], "it was on the line until now"


async def test_a_caller_who_hangs_up_is_not_held(door: Door) -> None:
    await door.receive(ScriptedCaller(steps_to_live=5))
    assert "c.1" not in door.unfinished


async def test_a_call_handed_over_again_has_its_ticket_and_its_place(door: Door) -> None:
    walked, door.walk = door.walk, waits_for_ever
    lost = asyncio.ensure_future(door.reception.receive(Arrival("c.1", KAZAN, CALLER), ScriptedCaller()))
    await until(lambda: bool(door.walked) and door.walked[0].state.waiting)
    lost.cancel()
    await asyncio.wait([lost])
    assert "c.1" in door.unfinished
    door.walk = walked
    caller = ScriptedCaller()
    events = await door.receive(caller)
    assert (names(events).count("Started"), names(events).count("Resumed")) == (1, 1)
    assert [each.call_id for each in door.taken_up] == ["c.1"]
    assert caller.requests[0].queue == "technical"
    assert [event.since for event in events if isinstance(event, Queued)] == [AT, AT]
    assert next(door.numbers) == 10_000_005, "its number is taken once"


async def test_a_second_hand_over_relieves_the_first(door: Door) -> None:
    walked, door.walk = door.walk, waits_for_ever
    first = asyncio.ensure_future(door.reception.receive(Arrival("c.1", KAZAN, CALLER), ScriptedCaller()))
    await until(lambda: bool(door.walked) and door.walked[0].state.waiting)
    door.walk = walked
    second = ScriptedCaller()
    await door.receive(second)
    assert first.cancelled()
    assert second.requests, "the second one goes on where the first one was"
    events = door.journal.calls["c.1"]
    assert (names(events).count("Started"), names(events).count("Ended")) == (1, 1)
    assert isinstance(events[3], Resumed)


async def test_many_hand_overs_at_once_leave_one_session(door: Door) -> None:
    door.walk = waits_for_ever
    tasks = [
        asyncio.ensure_future(door.reception.receive(Arrival("c.1", KAZAN, CALLER), ScriptedCaller())) for _ in range(5)
    ]
    await until(lambda: sum(not task.done() for task in tasks) == 1 and len(door.reception.in_progress) == 1)
    assert len(door.reception.calls()) == 1
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert names(door.journal.calls["c.1"]).count("Started") == 1


async def test_a_fault_of_ours_at_the_beginning_does_not_make_a_second_ticket(door: Door) -> None:
    door.memory.broken = True
    with pytest.raises(RuntimeError):
        await door.receive(ScriptedCaller("!"))
    assert "c.1" in door.unfinished
    await door.receive(ScriptedCaller("!"))
    events = door.journal.calls["c.1"]
    assert (names(events).count("Started"), names(events).count("Ended")) == (1, 1)


async def test_a_call_that_no_flow_can_be_begun_for_is_not_held(door: Door) -> None:
    door.reception.take_number = lambda: 1 // 0
    with pytest.raises(ZeroDivisionError):
        await door.reception.receive(Arrival("c.1", KAZAN, CALLER), ScriptedCaller())
    assert len(door.unfinished) == 0


async def test_a_call_that_engines_are_lost_by_is_let_go_for_asterisk_to_end(door: Door) -> None:
    for _ in range(MOST_AT_WORK + 1):
        with pytest.raises(CallerGone):
            await door.receive(ScriptedCaller(steps_to_live=0, lost=True))
    caller = ScriptedCaller()
    events = await door.receive(caller)
    assert not door.over
    assert not caller.played
    assert isinstance(events[-1], LetGo)
    assert "Ended" not in names(events)
    assert [call.seen for call in door.unfinished.all()] == [AT + 5]


async def test_callers_in_the_queue_outlast_the_call_that_engines_are_lost_by(door: Door) -> None:
    walked, door.walk = door.walk, waits_for_ever
    for handed in range(1, MOST_AT_WORK + 3):
        lost = asyncio.ensure_future(door.reception.receive(Arrival("c.1", KAZAN, CALLER), ScriptedCaller()))
        await until(lambda handed=handed: len(door.walked) == handed and door.walked[-1].state.waiting)
        lost.cancel()
        await asyncio.wait([lost])
    door.walk = walked
    caller = ScriptedCaller()
    await door.receive(caller)
    assert door.over
    assert caller.requests[0].queue == "technical"


async def test_a_call_taken_up_on_a_line_that_is_gone_is_served(door: Door) -> None:
    state = CallState("c.1")
    begun = Started(
        at=AT - 60, ticket=10_000_012, called="", caller="", line="gone", region="", language="ru", flow="gone"
    )
    state.apply(begun)
    door.journal.append("c.1", 1, begun)
    door.unfinished.adopt([state])
    events = await door.receive(ScriptedCaller("0"))
    assert isinstance(events[-1], Ended)
    assert events[-1].end in (End.ANSWERED, End.COMPLETED)
