"""What the router knows, for those who look: pages, metrics, the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from routing.board import Board
from routing.model import Needs, OfferState, OperatorState
from routing.room import ContactRecord
from routing.roster import OperatorRecord


@dataclass(frozen=True, slots=True)
class OperatorView:
    """An operator now. ``since``: when the state began (s). ``contact``: the call that rings or talks, or "".

    ``pause``: the reason of a not-ready that takes effect after the present call, else None.
    """

    id: str
    skills: Needs
    state: OperatorState
    reason: str
    since: float
    contact: str = ""
    pause: str | None = None


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue now. ``longest_wait`` in seconds, of those who wait now (0 when nobody does).

    ``ready``: operators who are free now and could take a call like one that waits or is at an operator in this queue;
    all free ones while it has no calls.
    """

    name: str
    waiting: int = 0
    longest_wait: float = 0.0
    offered: int = 0
    talking: int = 0
    ready: int = 0


def of_operator(record: OperatorRecord) -> OperatorView:
    """This operator."""
    contact = record.lease.offer.contact if record.lease is not None else ""
    operator = record.operator
    return OperatorView(
        operator.id, operator.skills, record.state, record.reason, record.since, contact, pause=record.pause
    )


def of_operators(board: Board) -> list[OperatorView]:
    """Every operator on the roster, by id."""
    return sorted((of_operator(record) for record in board.roster), key=lambda view: view.id)


def of_queues(board: Board, now: float) -> list[QueueView]:
    """Every queue, by name."""
    contacts: dict[str, list[ContactRecord]] = {name: [] for name in sorted(board.queues)}
    for record in board.room:
        if record.contact.queue in contacts:
            contacts[record.contact.queue].append(record)
    return [_queue(board, name, records, now) for name, records in contacts.items()]


def _queue(board: Board, name: str, contacts: Sequence[ContactRecord], now: float) -> QueueView:
    waiting = [record.contact.since for record in contacts if record.lease is None]
    states = [record.lease.state for record in contacts if record.lease is not None]
    kinds = {frozenset(needs.items()): needs for needs in (record.needs_by(now) for record in contacts)}
    able = reduce(or_, map(board.index.skills.able, kinds.values()), 0)
    return QueueView(
        name,
        waiting=len(waiting),
        longest_wait=max(0.0, now - min(waiting)) if waiting else 0.0,
        offered=states.count(OfferState.PENDING),
        talking=states.count(OfferState.ACCEPTED),
        ready=(board.roster.ready_bits & able if contacts else board.roster.ready_bits).bit_count(),
    )
