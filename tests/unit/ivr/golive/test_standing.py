"""Who waits when a new version goes live: each keeps place and time; nobody is left in a queue that is gone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from ivr.call import Call
from ivr.calllog.events import AnyEvent, NodeEntered, Queued, QueueLeft
from ivr.channel import QueueResult
from ivr.flow.service import Service, load
from ivr.golive.fate import Outcome
from ivr.golive.standing import Standing
from ivr.queueing import Queueing
from ivr.recordings import Recordings
from routing.dispatcher import Dispatcher
from routing.model import Operator
from routing.router import Router
from tests.unit.ivr.line import Line, a_call
from tests.unit.small import written
from tests.until import until

MOMENT = 1_767_323_045.0
WAITS = "documents: {queue: documents, needs: {documents: 3}, max-wait: 10m, then: bye, otherwise: operator}"
GONE = "other: {queue: account, then: bye, otherwise: operator}"


class Hotline:
    """One engine's queues, and the version that is live."""

    def __init__(self, folder: Path) -> None:
        tokens = count(1)
        self.folder, self.now = folder, MOMENT
        self.dispatcher = Dispatcher(Router(tokens=lambda: f"t{next(tokens)}"), lambda: self.now)
        self.standing = Standing(self.dispatcher)
        self.tasks: list[asyncio.Task[QueueResult]] = []
        self.versions = count(1)

    def version(self, nodes: str, *, without: str = "") -> Service:
        """A flow of these nodes. ``without``: a queue that queues.yaml does not have any more; none overflows."""
        made = load(written(self.folder / str(next(self.versions)), nodes))
        kept = {name: queue for name, queue in made.queues.items() if name != without}
        return replace(made, queues={name: replace(queue, overflow=None) for name, queue in kept.items()})

    async def waits(self, live: Service, name: str = "c1", **state: object) -> tuple[Call, Line]:
        """A call that has come to the queue of its flow's first node."""
        call, line = a_call(lambda: self.now, call_id=name), Line()
        call.service = live
        call.log(NodeEntered(at=self.now, flow="main", node=live.flows["main"].start))
        for attribute, value in state.items():
            setattr(call.state, attribute, value)
        request = live.flows["main"].nodes[live.flows["main"].start].asks(call.state, live.queues, record=False)
        assert request is not None
        queueing = Queueing(
            self.dispatcher,
            Recordings(self.folder),
            now=lambda: self.now,
            steady=lambda: self.now,
            free_to_ring=lambda _: None,
            standing=self.standing,
        )
        self.tasks.append(asyncio.create_task(queueing.wait(call, line, request)))
        await until(lambda: "music" in line.heard)
        return call, line

    def fates(self, service: Service) -> list[tuple[Outcome, str]]:
        return [(each.fate.outcome, each.fate.to or each.fate.request.queue) for each in self.standing.foresee(service)]

    def queues(self) -> dict[str, int]:
        return {view.name: view.waiting for view in self.dispatcher.queues() if view.waiting}


@pytest.fixture
async def hotline(tmp_path: Path) -> AsyncIterator[Hotline]:
    made = Hotline(tmp_path)
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)


def since(events: list[AnyEvent]) -> list[tuple[str, float, str]]:
    return [(each.queue, each.since, each.why) for each in events if isinstance(each, Queued)]


async def test_a_version_that_asks_the_same_changes_nobodys_wait(hotline: Hotline) -> None:
    first = hotline.version(WAITS)
    hotline.standing.go_live(first)
    call, _ = await hotline.waits(first)
    second = hotline.version(WAITS + "\nunseen: {play: welcome, then: documents}")
    assert hotline.fates(second) == [(Outcome.KEPT, "documents")]
    hotline.standing.go_live(second)
    assert len(call.journal.of(Queued)) == 1  # type: ignore[attr-defined]


async def test_other_needs_are_taken_at_once_from_the_same_time_on(hotline: Hotline) -> None:
    """Nobody had the third level; the first is there and is rung the moment the change is live."""
    first = hotline.version(WAITS)
    hotline.standing.go_live(first)
    hotline.dispatcher.join(Operator("anna", {"documents": 1}), ready=True)
    call, line = await hotline.waits(first)
    hotline.now += 50.0
    second = hotline.version(WAITS.replace("documents: 3", "documents: 1"))
    assert hotline.fates(second) == [(Outcome.CHANGED, "documents")]
    hotline.standing.go_live(second)
    assert (await line.phone()).operator == "anna"
    journal = call.journal.events  # type: ignore[attr-defined]
    assert since(journal) == [("documents", MOMENT, ""), ("documents", MOMENT, f"version {second.version}")]


async def test_a_relaxation_that_is_overdue_by_the_new_version_holds_at_once(hotline: Hotline) -> None:
    first = hotline.version(WAITS)
    hotline.standing.go_live(first)
    hotline.dispatcher.join(Operator("anna", {"documents": 1}), ready=True)
    _, line = await hotline.waits(first)
    hotline.now += 61.0
    relaxed = WAITS.replace("max-wait", "relax: {after 60s: {documents: 1}}, max-wait")
    hotline.standing.go_live(hotline.version(relaxed))
    assert (await line.phone()).operator == "anna"


async def test_a_changed_wait_keeps_its_place_before_who_came_later(hotline: Hotline) -> None:
    first = hotline.version(WAITS)
    hotline.standing.go_live(first)
    _, earlier = await hotline.waits(first, "earlier")
    second = hotline.version(WAITS.replace("documents: 3", "documents: 2"))
    hotline.now += 5.0
    _, later = await hotline.waits(second, "later")
    hotline.standing.go_live(second)
    hotline.dispatcher.join(Operator("anna", {"documents": 2}), ready=True)
    await earlier.phone()
    assert later.phones.empty()


async def test_a_shorter_wait_gives_who_has_waited_longer_a_minute_more(hotline: Hotline) -> None:
    first = hotline.version(WAITS)
    hotline.standing.go_live(first)
    _, line = await hotline.waits(first)
    hotline.now += 400.0
    hotline.standing.go_live(hotline.version(WAITS.replace("10m", "5m")))
    await line.time_passes(hotline, 59.0)
    assert not hotline.tasks[0].done()
    await line.time_passes(hotline, 2.0)
    assert await asyncio.wait_for(hotline.tasks[0], 10) is QueueResult.TIMEOUT


async def test_who_waits_in_a_queue_that_is_gone_goes_where_the_node_of_that_name_leads_now(hotline: Hotline) -> None:
    first = hotline.version(WAITS)
    hotline.standing.go_live(first)
    call, line = await hotline.waits(first)
    hotline.now += 120.0
    second = hotline.version(WAITS.replace("queue: documents", "queue: account"), without="documents")
    assert hotline.fates(second) == [(Outcome.MOVED, "account")]
    hotline.standing.go_live(second)
    assert hotline.queues() == {"account": 1}
    assert since(call.journal.events)[-1][:2] == ("account", MOMENT)  # type: ignore[attr-defined]
    assert call.state.queue == "account" and line.heard[-1] != "silence"
    hotline.dispatcher.join(Operator("anna", {"documents": 3}), ready=True)
    assert (await line.phone()).operator == "anna"


async def test_who_waits_in_a_queue_that_no_node_names_goes_on_and_keeps_the_time_for_the_next_queue(
    hotline: Hotline,
) -> None:
    first = hotline.version(WAITS)
    hotline.standing.go_live(first)
    call, line = await hotline.waits(first)
    hotline.now += 120.0
    second = hotline.version(GONE, without="documents")
    assert hotline.fates(second) == [(Outcome.LEAVES, "main.operator")]
    hotline.standing.go_live(second)
    assert await asyncio.wait_for(hotline.tasks[0], 10) is QueueResult.CLOSED
    assert line.heard[-1] == "silence", "the music ends: the flow speaks now"
    assert [each.why for each in call.journal.of(QueueLeft)] == ["closed"]  # type: ignore[attr-defined]
    rescue = first.flows["main"].nodes["operator"].asks(call.state, first.queues, record=False)
    assert rescue is not None
    queueing = Queueing(
        hotline.dispatcher,
        Recordings(hotline.folder),
        now=lambda: hotline.now,
        steady=lambda: hotline.now,
        free_to_ring=lambda _: None,
    )
    hotline.tasks.append(asyncio.create_task(queueing.wait(call, line, rescue)))
    await until(lambda: hotline.queues() == {"general": 1})
    assert since(call.journal.events)[-1][:2] == ("general", MOMENT)  # type: ignore[attr-defined]


async def test_a_phone_that_rings_while_the_queue_goes_may_still_be_answered(hotline: Hotline) -> None:
    first = hotline.version(WAITS)
    hotline.standing.go_live(first)
    call, line = await hotline.waits(first)
    hotline.dispatcher.join(Operator("anna", {"documents": 3}), ready=True)
    ring = await line.phone()
    hotline.standing.go_live(hotline.version(GONE, without="documents"))
    ring.pick_up()
    changed = hotline.version(WAITS.replace("documents: 3", "documents: 1"))
    assert hotline.fates(changed) == [], "who talks waits no longer"
    hotline.standing.go_live(changed)
    ring.hang_up()
    assert await asyncio.wait_for(hotline.tasks[0], 10) is QueueResult.ANSWERED
    assert len(call.journal.of(Queued)) == 1  # type: ignore[attr-defined]


async def test_a_call_of_the_old_version_that_comes_to_a_queue_that_is_gone_waits_where_its_node_leads_now(
    hotline: Hotline,
) -> None:
    first = hotline.version(WAITS)
    second = hotline.version(WAITS.replace("queue: documents", "queue: account"), without="documents")
    hotline.standing.go_live(second)
    call, _ = await hotline.waits(first)
    assert call.state.queue == "account"
    assert hotline.queues() == {"account": 1}


async def test_a_caller_who_is_urgent_stays_so(hotline: Hotline) -> None:
    first = hotline.version(WAITS)
    hotline.standing.go_live(first)
    await hotline.waits(first, priority=7)
    (foreseen,) = hotline.standing.foresee(hotline.version(WAITS.replace("documents: 3", "documents: 1")))
    assert (foreseen.fate.outcome, foreseen.fate.request.priority) == (Outcome.CHANGED, 7)
