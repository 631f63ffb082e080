"""The same router, told what it saw: what it decides again, later, or if something had been otherwise."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from random import Random

import msgspec

from routing.events import MakeOffer, NotReady, OperatorJoined, TalkFound, Tick
from routing.explain.snapshot import SeenContact, SeenOperator, Snapshot
from routing.model import OperatorState, Queue
from routing.router import Router
from routing.states import AT_CALLS
from routing.workload import Workload

_LONG = 1e9
"""Seconds: before anything that matters."""


def offers(seen: Snapshot, later: float = 0.0) -> dict[str, str]:
    """Contact -> operator: all offers if all these were decided anew, ``later`` seconds after they were.

    Chance, where a strategy draws lots, falls as it falls.
    """
    now, numbers = seen.now + later, count()
    queues = tuple(replace(queue, open=True) for queue in seen.queues)
    router = Router(_without_others(seen, queues), tokens=lambda: f"t{next(numbers)}", chance=Random(0))  # noqa: S311
    for operator in sorted(seen.operators, key=_order):
        _join(router, operator, seen.now)
    tags: dict[str, int] = {}
    waiting = (*seen.ahead, seen.contact, *([seen.behind] if seen.behind is not None else []))
    for place, contact in enumerate(waiting, 1):
        _enter(router, contact, now, place - tags.get(contact.contact.queue, 0))
        tags[contact.contact.queue] = place
    return {d.offer.contact: d.offer.operator for d in router.handle(Tick(), now) if isinstance(d, MakeOffer)}


def operator(seen: Snapshot, later: float = 0.0) -> str:
    """Whom the contact is offered to; "" for nobody."""
    return offers(seen, later).get(seen.contact.contact.id, "")


def _without_others(seen: Snapshot, queues: tuple[Queue, ...]) -> tuple[Queue, ...]:
    """Operators who are not named count among those left free."""
    if not seen.others:
        return queues
    return tuple(
        replace(queue, leave_free={s: max(0, k - seen.others.get(s, 0)) for s, k in queue.leave_free.items()})
        for queue in queues
    )


def _order(seen: SeenOperator) -> tuple[bool, float]:
    return (False, 0.0) if seen.state is not OperatorState.READY else (True, seen.idle)


def _join(router: Router, seen: SeenOperator, now: float) -> None:
    ready, id = seen.state is OperatorState.READY, seen.operator.id
    since = seen.idle if ready else now - _LONG
    router.handle(OperatorJoined(seen.operator, ready), since)
    if seen.state in AT_CALLS:
        router.handle(TalkFound(id, f"with {id}"), since)
        if not seen.duty:
            router.handle(NotReady(id), since)
    record = router.board.roster.get(id)
    assert record is not None
    record.turn, record.load = seen.turn, _Load(seen)


class _Load(Workload):
    """As much as they had to do then."""

    __slots__ = ("_seen",)

    def __init__(self, seen: SeenOperator) -> None:
        super().__init__(0.0)
        self._seen = seen

    def occupied(self, now: float) -> float:
        """See Workload."""
        return self._seen.occupied

    def today(self, now: float) -> float:
        """See Workload."""
        return self._seen.today


def _enter(router: Router, seen: SeenContact, now: float, step: int) -> None:
    """Waiting, with its refusals; the next event decides about all of them at once, by their places.

    ``step``: how many places after the one before it of its queue: where places go by shares, these are not kept.
    """
    board, contact = router.board, seen.contact
    if not seen.held:
        contact = msgspec.structs.replace(contact, operator="", sticky=0.0)
    queue = board.queues.get(contact.queue)
    if queue is None or board.room.get(contact.id) is not None:
        return
    record = board.room.enter(contact, replace(queue, share=1.0 / step))
    for refused, until in seen.refused.items():
        board.room.refuse(record, refused, now, until - now)
    board.enter(record, now)
