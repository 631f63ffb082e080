"""What follows from what contacts and offers do: one small function an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from routing.board import Board
from routing.events import (
    ContactChanged,
    ContactRequeued,
    ContactTurnedAway,
    ConversationEnded,
    Enqueued,
    OfferAccepted,
    OfferFailed,
    TalkFound,
    Withdrawn,
    WithdrawOffer,
)
from routing.leases import Lease
from routing.model import Contact, OfferOutcome, OfferState, OperatorState, Queue
from routing.room import ContactRecord
from routing.roster import OperatorRecord
from routing.states import AFTER_OFFER

Outcome = OfferOutcome


def _enqueued(board: Board, event: Enqueued, now: float) -> None:
    contact = event.contact
    known = board.room.get(contact.id)
    if known is not None:
        _back(board, known, now)
        return
    why = board.closed(contact.queue)
    if why:
        board.decide(ContactTurnedAway(contact.id, why))
    else:
        board.enter(board.room.enter(contact, board.queues[contact.queue]), now)


def _back(board: Board, contact: ContactRecord, now: float) -> None:
    """After an offer that ran out, the contact's session is back and asks for another operator."""
    if contact.lapsed and board.closed(contact.contact.queue):
        board.turn_away([contact])
    elif contact.lapsed:
        board.wait(contact, now)


def _changed(board: Board, event: ContactChanged, now: float) -> None:
    contact = board.room.get(event.contact.id)
    if contact is None or (contact.lease is not None and contact.lease.state is OfferState.ACCEPTED):
        return
    waits = contact.bucket is not None
    board.room.take(contact)
    queue = board.queues.get(event.contact.queue, Queue(event.contact.queue))
    board.room.change(contact, event.contact, queue)
    if waits and board.closed(contact.contact.queue):
        board.turn_away([contact])
    elif waits:
        board.enter(contact, now)


def _withdrawn(board: Board, event: Withdrawn, now: float) -> None:
    contact = board.room.get(event.contact)
    if contact is not None:
        _remove(board, contact, now)


def _remove(board: Board, contact: ContactRecord, now: float) -> None:
    if contact.lease is None:
        board.room.leave(contact)
    elif contact.lease.state is OfferState.PENDING:
        _fail(board, contact.lease, Outcome.WITHDRAWN, now)
    else:
        _finish(board, contact.lease, now)


def _accepted(board: Board, event: OfferAccepted, now: float) -> None:
    lease = board.leases.get(event.token, OfferState.PENDING)
    if lease is not None:
        board.accept(lease)
        board.roster.move(lease.operator, OperatorState.TALKING, "", now)


def _failed(board: Board, event: OfferFailed, now: float) -> None:
    lease = board.leases.get(event.token, OfferState.PENDING)
    if lease is not None:
        _fail(board, lease, event.outcome, now)


def expired(board: Board, token: str, now: float) -> None:
    """Nobody said in time how the offer ended: perhaps the two talk, unseen. So nobody else is offered the contact
    before its session asks (Enqueued), and the operator gets no call before they say that they are ready."""
    _failed(board, OfferFailed(token, Outcome.EXPIRED), now)


def _fail(board: Board, lease: Lease, outcome: OfferOutcome, now: float) -> None:
    contact = lease.contact
    board.leases.close(lease, OfferState(outcome.value))
    if outcome in (Outcome.WITHDRAWN, Outcome.EXPIRED):
        board.decide(WithdrawOffer(lease.offer, outcome))
    if outcome is Outcome.WITHDRAWN:
        board.room.leave(contact)
    else:
        if outcome is not Outcome.UNREACHABLE:
            lease.operator.load.refused(now)
        board.room.refuse(contact, lease.offer.operator, now, lease.queue.reask)
        if outcome is not Outcome.EXPIRED:
            _put_back(board, contact, outcome, now)
    state = AFTER_OFFER[outcome]
    reason = outcome.value if state is OperatorState.NOT_READY else ""
    board.roster.free(lease.operator, state, reason, now)


def _put_back(board: Board, contact: ContactRecord, outcome: OfferOutcome, now: float) -> None:
    if board.closed(contact.contact.queue):
        board.turn_away([contact])
    else:
        board.decide(ContactRequeued(contact.contact.id, outcome))
        board.wait(contact, now)


def _ended(board: Board, event: ConversationEnded, now: float) -> None:
    lease = board.leases.get(event.token, OfferState.ACCEPTED)
    if lease is not None:
        _finish(board, lease, now)


def _finish(board: Board, lease: Lease, now: float) -> None:
    board.leases.close(lease, OfferState.FINISHED)
    board.room.leave(lease.contact)
    wrap_up = lease.queue.wrap_up
    after = OperatorState.AFTER_CALL if wrap_up > 0 else OperatorState.READY
    board.roster.free(lease.operator, after, "", now)
    if lease.operator.state is OperatorState.AFTER_CALL:
        lease.operator.after_call = board.timers.set(now + wrap_up, board.roster.ready, lease.operator)


def _found(board: Board, event: TalkFound, now: float) -> None:
    operator = board.roster.get(event.operator)
    if operator is None:
        return
    contact = board.room.get(event.contact)
    if contact is not None and contact.lease is not None and contact.lease.operator is operator:
        _accepted(board, OfferAccepted(contact.lease.offer.token), now)
    elif operator.state is not OperatorState.TALKING:
        _join_found(board, event, operator, contact, now)


def _join_found(
    board: Board, event: TalkFound, operator: OperatorRecord, contact: ContactRecord | None, now: float
) -> None:
    if contact is not None:
        _remove(board, contact, now)
    if operator.lease is not None:
        _call_off(board, operator.lease, now)
    queue = board.queues.get(event.queue, Queue(event.queue))
    known = contact.contact if contact is not None else Contact(event.contact, event.queue, now)
    place = board.queues.get(known.queue, Queue(known.queue))
    lease = board.leases.open(board.room.enter(known, place), operator, queue, now)
    board.accept(lease)
    board.roster.move(operator, OperatorState.TALKING, "", now)


def _call_off(board: Board, lease: Lease, now: float) -> None:
    """The operator talks to somebody else: the contact that they were offered goes back, with no blame."""
    board.leases.close(lease, OfferState.WITHDRAWN)
    board.decide(WithdrawOffer(lease.offer, Outcome.WITHDRAWN))
    _put_back(board, lease.contact, Outcome.WITHDRAWN, now)


EVENTS: dict[type, Callable[[Board, Any, float], None]] = {
    Enqueued: _enqueued,
    ContactChanged: _changed,
    Withdrawn: _withdrawn,
    OfferAccepted: _accepted,
    OfferFailed: _failed,
    ConversationEnded: _ended,
    TalkFound: _found,
}
"""By event. Unknown contacts and stale tokens change nothing."""
