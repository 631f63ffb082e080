"""Takes a Snapshot of the board: bounded work, for it is done between a decision and what follows of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from routing.board import Board
from routing.explain.snapshot import SeenContact, SeenOperator, Snapshot
from routing.leases import Lease
from routing.model import OperatorState, Queue
from routing.room import ContactRecord
from routing.roster import OperatorRecord
from routing.strategies import STRATEGIES

MOST = 24
"""Operators who are named, at most: where there are more, those of relevance."""

SOME = 6
"""Of these, at most so many for each reason of relevance."""

AHEAD = 5
"""Contacts ahead that are named, at most."""


def offered(board: Board, lease: Lease, now: float) -> Snapshot:
    """Of this offer, just made and not answered yet."""
    return _taken(board, lease.contact, now, lease)


def unanswered(board: Board, contact: ContactRecord, now: float) -> Snapshot:
    """Of a contact that waits, and is offered to nobody."""
    return _taken(board, contact, now, None)


def _taken(board: Board, contact: ContactRecord, now: float, lease: Lease | None) -> Snapshot:
    chosen = lease.operator if lease is not None else None
    queue = lease.queue if lease is not None else board.queues.get(contact.contact.queue, Queue(contact.contact.queue))
    ready = board.roster.ready_bits | (chosen.bit if chosen is not None else 0)
    able = board.index.skills.able(contact.needs_by(now))
    named = list(_relevant(board, contact, chosen, able, ready))
    ahead = [each for each in board.index.foremost(AHEAD + 1) if each.order < contact.order and each is not contact]
    behind = _behind(board, chosen, contact)
    contacts = [*ahead[:AHEAD], contact, *([behind] if behind is not None else [])]
    names = {each.contact.queue for each in contacts} - {queue.name}
    weighs = STRATEGIES[queue.strategy].weighs_work
    return Snapshot(
        now,
        _contact(contact, now),
        (queue, *(board.queues[name] for name in sorted(names) if name in board.queues)),
        tuple(_operator(board, each, now, lease, weighs=weighs) for each in named),
        chosen=chosen.operator.id if chosen is not None else "",
        freed=lease is not None and lease.freed,
        ahead=tuple(_contact(each, now) for each in ahead[:AHEAD]),
        behind=_contact(behind, now) if behind is not None else None,
        roster=len(board.roster),
        able=able.bit_count(),
        free=(able & ready).bit_count(),
        waiting=board.room.waiting - (contact.bucket is not None),
        others=_others(board, contact, named, ready),
    )


def _relevant(
    board: Board, contact: ContactRecord, chosen: OperatorRecord | None, able: int, ready: int
) -> Iterator[OperatorRecord]:
    """At most MOST, each once: the ready in the order of their idleness, then the others."""
    roster = board.roster
    found: dict[str, OperatorRecord] = {}
    if len(roster) <= MOST:
        found = {record.operator.id: record for record in roster}
    else:
        for record in _reasons(board, contact, chosen, able, ready):
            found.setdefault(record.operator.id, record)
            if len(found) == MOST:
                break
    free = [record for record in found.values() if record.bit & ready]
    yield from sorted(free, key=lambda record: record.idle)
    yield from (record for record in found.values() if not record.bit & ready)


def _reasons(
    board: Board, contact: ContactRecord, chosen: OperatorRecord | None, able: int, ready: int
) -> Iterator[OperatorRecord]:
    roster = board.roster
    if chosen is not None:
        yield chosen
    ids = [contact.contact.operator, *islice(contact.refused or (), SOME)]
    yield from (record for id in ids if (record := roster.get(id)) is not None)
    yield from islice(roster.idle(able & roster.ready_bits), SOME)
    yield from _of(board, able & ~ready)
    yield from islice(roster.idle(roster.ready_bits & ~able), SOME)
    yield from islice(roster, MOST)


def _of(board: Board, bits: int) -> Iterator[OperatorRecord]:
    for _ in range(min(SOME, bits.bit_count())):
        bit = bits & -bits
        yield board.roster.of(bit)
        bits ^= bit


def _behind(board: Board, chosen: OperatorRecord | None, contact: ContactRecord) -> ContactRecord | None:
    """The first of those behind that the operator may take."""
    firsts = [bucket.first for bucket in board.index.open_to(chosen)] if chosen is not None else []
    later = (first for first in firsts if first is not None and first.order > contact.order)
    return min(later, key=lambda first: first.order, default=None)


def _contact(record: ContactRecord, now: float) -> SeenContact:
    """What is loosened is loosened; what else might have been is not kept."""
    contact = record.contact
    if contact.loosen:
        left = tuple(record.steps[record.relaxed :])
        needs, prefer, priority = record.needs, record.prefer, record.priority
        contact = replace(contact, needs=needs, prefer=prefer, relax=left, loosen=(), priority=priority)
    refused = dict(islice(record.refused.items(), MOST)) if record.refused else {}
    return SeenContact(contact, record.held, refused)


def _operator(board: Board, record: OperatorRecord, now: float, lease: Lease | None, *, weighs: bool) -> SeenOperator:
    """As they were before they were offered the contact."""
    if lease is not None and record is lease.operator:
        state, since, reason, turn = OperatorState.READY, record.idle[0], "", lease.turn
    else:
        state, since, turn = record.state, record.since, record.turn
        reason = "".join(filter(str.isprintable, record.reason))[:40] if record.reason else ""
    return SeenOperator(
        record.operator,
        state,
        since,
        reason,
        bool(record.bit & board.roster.duty_bits),
        record.idle[0],
        turn,
        record.load.occupied(now) if weighs else 0.0,
        record.load.today(now) if weighs else 0.0,
    )


def _others(board: Board, contact: ContactRecord, named: list[OperatorRecord], ready: int) -> dict[str, int]:
    """By skill that is left free: ready operators who have it and are not named."""
    if not contact.leave_free or len(named) == len(board.roster):
        return {}
    bits = ready
    for record in named:
        bits &= ~record.bit
    return {skill: (board.index.skills.having(skill) & bits).bit_count() for skill, _ in contact.leave_free}
