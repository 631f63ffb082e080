"""The dispatcher over a real event loop."""

import asyncio
from itertools import count

import pytest

from routing.bus import OPERATORS, QUEUES
from routing.clock import steady
from routing.dispatcher import Dispatcher
from routing.model import Contact, OfferOutcome, Operator, OperatorState, Queue
from routing.router import Router
from routing.waiting import QueueClosed

S = OperatorState


def dispatcher(*queues: Queue, grace: float = 10.0, now=None, **more) -> Dispatcher:
    tokens = count(1)
    router = Router(queues or [Queue("q")], tokens=lambda: f"t{next(tokens)}", grace=grace)
    return Dispatcher(router, now or steady(), **more)


def contact(name: str, **more) -> Contact:
    return Contact(name, more.pop("queue", "q"), more.pop("since", 0.0), **more)


def states(desk: Dispatcher) -> dict[str, tuple[S, str]]:
    return {view.id: (view.state, view.reason) for view in desk.operators()}


async def test_an_offer_comes_at_once_and_the_operator_is_free_after_the_talk():
    desk = dispatcher()
    desk.join(Operator("anna"), ready=True)
    async with desk.enqueue(contact("c1")) as waiting:
        offer = await waiting.offer()
        assert (offer.operator, offer.queue, offer.ring) == ("anna", "q", 20.0)
        waiting.accepted(offer)
        assert states(desk) == {"anna": (S.TALKING, "")}
        assert desk.operators()[0].contact == "c1"
        waiting.finished(offer)
        assert states(desk) == {"anna": (S.READY, "")}


async def test_a_waiting_caller_is_woken_when_an_operator_comes():
    desk = dispatcher()
    async with desk.enqueue(contact("c1")) as waiting:
        offered = asyncio.create_task(waiting.offer())
        await asyncio.sleep(0)
        assert not offered.done()
        desk.join(Operator("anna"), ready=True)
        assert (await offered).operator == "anna"


async def test_leaving_the_queue_frees_the_operator_who_was_offered():
    desk = dispatcher()
    desk.join(Operator("anna"), ready=True)
    async with desk.enqueue(contact("c1")) as waiting:
        await waiting.offer()
    assert states(desk) == {"anna": (S.READY, "")}


async def test_a_cancelled_session_withdraws_its_caller():
    desk = dispatcher()

    async def session() -> None:
        async with desk.enqueue(contact("c1")) as waiting:
            await waiting.offer()

    task = asyncio.create_task(session())
    await asyncio.sleep(0)
    assert desk.queues()[0].waiting == 1
    task.cancel()
    await asyncio.wait([task])
    assert desk.queues()[0].waiting == 0
    desk.join(Operator("anna"), ready=True)
    assert states(desk) == {"anna": (S.READY, "")}


async def test_an_offer_made_while_nobody_listened_is_not_missed():
    desk = dispatcher()
    async with desk.enqueue(contact("c1")) as waiting:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(waiting.offer(), 0.001)
        desk.join(Operator("anna"), ready=True)
        assert (await waiting.offer()).operator == "anna"


async def test_a_refusal_brings_the_next_offer():
    desk = dispatcher()
    desk.join(Operator("anna"), ready=True)
    desk.join(Operator("olga"), ready=True)
    async with desk.enqueue(contact("c1")) as waiting:
        waiting.failed(await waiting.offer(), OfferOutcome.DECLINED)
        assert (await waiting.offer()).operator == "olga"
    assert states(desk) == {"anna": (S.NOT_READY, "declined"), "olga": (S.READY, "")}


async def test_the_dispatcher_wakes_by_itself_when_an_offer_runs_out():
    desk = dispatcher(Queue("q", ring=0.01), grace=0.01)
    async with desk.running(), desk.bus.subscribe(OPERATORS) as notices:
        desk.join(Operator("anna"), ready=True)
        async with desk.enqueue(contact("c1")) as waiting:
            first = await waiting.offer()
            async for notice in notices:
                if notice.message["reason"] == "expired":
                    break
            desk.join(Operator("olga"), ready=True)
            second = await waiting.offer()
            assert (first.operator, second.operator) == ("anna", "olga")


async def test_after_call_work_ends_by_itself():
    desk = dispatcher(Queue("q", wrap_up=0.01))
    async with desk.running():
        desk.join(Operator("anna"), ready=True)
        async with desk.enqueue(contact("c1")) as waiting:
            offer = await waiting.offer()
            waiting.accepted(offer)
            waiting.finished(offer)
            assert states(desk)["anna"][0] is S.AFTER_CALL
        async with desk.enqueue(contact("c2")) as waiting:
            assert (await asyncio.wait_for(waiting.offer(), 5)).operator == "anna"


async def test_a_closed_queue_turns_away_who_comes_and_who_waits():
    desk = dispatcher()
    async with desk.enqueue(contact("c1")) as waiting:
        offered = asyncio.create_task(waiting.offer())
        await asyncio.sleep(0)
        desk.set_queues([Queue("other"), Queue("q", open=False)])
        with pytest.raises(QueueClosed, match="queue q is closed"):
            await offered
    async with desk.enqueue(contact("c2", queue="none")) as waiting:
        with pytest.raises(QueueClosed, match="there is no queue none"):
            await waiting.offer()


async def test_queues_with_an_unknown_strategy_change_nothing():
    desk = dispatcher()
    with pytest.raises(ValueError, match="no strategy 'best'"):
        desk.set_queues([Queue("new"), Queue("bad", strategy="best")])
    assert [view.name for view in desk.queues()] == ["q"]


async def test_an_operator_who_picks_up_a_lapsed_offer_is_talking_all_the_same():
    time = 0.0
    desk = dispatcher(now=lambda: time)
    desk.join(Operator("anna"), ready=True)
    async with desk.enqueue(contact("c1")) as waiting:
        offer = await waiting.offer()
        time = 100.0
        desk.join(Operator("olga"), ready=True)
        assert states(desk) == {"anna": (S.NOT_READY, "expired"), "olga": (S.READY, "")}
        assert (await waiting.offer()).operator == "olga"
        waiting.accepted(offer)
        assert {name: state for name, (state, _) in states(desk).items()} == {"anna": S.TALKING, "olga": S.READY}
        waiting.finished(offer)
        assert states(desk)["anna"][0] is S.READY


async def test_a_conversation_that_outlived_its_engine_occupies_its_operator_until_it_ends():
    desk = dispatcher()
    desk.join(Operator("anna"), ready=False, reason="lunch")
    assert desk.restore_talking("anna", "c1", "q")
    assert not desk.restore_talking("nobody", "c2", "q")
    async with desk.enqueue(contact("c3")) as waiting:
        desk.talk_ended("c1")
        desk.talk_ended("c1")
        assert (await waiting.offer()).operator == "anna"


async def test_a_caller_who_queues_again_after_a_found_conversation_is_served():
    desk = dispatcher()
    desk.join(Operator("anna"))
    desk.restore_talking("anna", "c1", "q")
    async with desk.enqueue(contact("c1")) as waiting:
        assert (await waiting.offer()).operator == "anna"


async def test_a_second_session_of_one_call_takes_it_over():
    desk = dispatcher()
    async with desk.enqueue(contact("c1")) as old, desk.enqueue(contact("c1")) as new:
        with pytest.raises(QueueClosed):
            await old.offer()
        desk.join(Operator("anna"), ready=True)
        assert (await new.offer()).operator == "anna"
    assert states(desk)["anna"][0] is S.READY


async def test_changes_of_state_are_told_in_order_and_a_listener_who_fails_stops_nothing():
    told = []

    def listener(change) -> None:
        told.append((change.operator, change.state, change.reason))
        raise RuntimeError("full disk")

    desk = dispatcher(on_operator=listener)
    desk.join(Operator("anna"), ready=True)
    desk.not_ready("anna", "lunch")
    assert told == [("anna", S.READY, ""), ("anna", S.NOT_READY, "lunch")]
    assert states(desk) == {"anna": (S.NOT_READY, "lunch")}


async def test_a_listener_may_act_on_what_it_is_told():
    """Say, an operator who did not answer is set ready again: the order of what is told stays the order of events."""
    desk: Dispatcher

    def listener(change) -> None:
        told.append(change.state)
        if change.reason == "no-answer":
            desk.ready(change.operator)

    told: list[S] = []
    desk = dispatcher(Queue("q", reask=0.0), on_operator=listener)
    desk.join(Operator("anna"), ready=True)
    async with desk.enqueue(contact("c1")) as waiting:
        waiting.failed(await waiting.offer(), OfferOutcome.NO_ANSWER)
        assert (await waiting.offer()).operator == "anna"
    assert told == [S.READY, S.OFFERED, S.NOT_READY, S.READY, S.OFFERED, S.READY]


async def test_the_wallboard_counts_and_is_told_when_to_look():
    desk = dispatcher(Queue("q"), Queue("empty"))
    async with desk.bus.subscribe(QUEUES) as notices:
        desk.join(Operator("anna", {"law": 3}), ready=True)
        desk.join(Operator("olga", {"tax": 3}), ready=True)
        async with (
            desk.enqueue(contact("c1", needs={"law": 1})),
            desk.enqueue(contact("c2", needs={"law": 1}, since=5.0)),
        ):
            empty, q = desk.queues()
            assert (q.waiting, q.offered, q.talking, q.ready) == (1, 1, 0, 0)
            assert q.longest_wait > 1e9
            assert (empty.waiting, empty.longest_wait, empty.ready) == (0, 0.0, 1)
            assert (await anext(aiter(notices))).message == {"queue": "q"}


async def test_a_pause_asked_for_in_mid_call_shows():
    desk = dispatcher()
    desk.join(Operator("anna"), ready=True)
    async with desk.enqueue(contact("c1")):
        desk.not_ready("anna", "lunch")
        (view,) = desk.operators()
        assert (view.state, view.pause) == (S.OFFERED, "lunch")
    assert states(desk) == {"anna": (S.NOT_READY, "lunch")}


def test_a_steady_clock_ignores_that_the_wall_clock_is_set():
    wall, elapsed = [1000.0], [5.0]
    now = steady(lambda: wall[0], lambda: elapsed[0])
    wall[0] = 9_999_999.0
    elapsed[0] += 2.0
    assert now() == 1002.0
