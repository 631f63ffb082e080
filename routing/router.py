"""The router: pure, event in, decisions out; the clock, the tokens and chance are arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from routing import explain, offering, shifts
from routing.board import Board
from routing.demand import unmet
from routing.events import Decision, Event, MakeOffer, QueueChanged, QueueRemoved, Tick
from routing.matching import Matching
from routing.model import Needs, Offer, OfferState, OperatorState, Queue
from routing.room import ContactRecord
from routing.roster import OperatorRecord
from routing.strategies import STRATEGIES


class Router:
    """Who takes the next call. After each event no ready operator is beside a contact that they may take.

    ``tokens`` makes a new unguessable token for each offer. ``grace``: seconds that an offer outlasts its ringing.
    ``board`` is what the router knows, for views: only ``handle`` changes it.
    """

    def __init__(
        self,
        queues: Iterable[Queue] = (),
        *,
        tokens: Callable[[], str],
        chance: Random | None = None,
        grace: float = 15.0,
    ) -> None:
        self.board = Board(tokens, grace)
        self._now = float("-inf")
        self._matching = Matching(self.board.index, self.board.roster, chance or Random(0))  # noqa: S311
        for queue in queues:
            self.board.set_queue(queue)

    def handle(self, event: Event, now: float) -> list[Decision]:
        """What follows from ``event`` at ``now`` (s; a time before the last one counts as the last one).

        Whatever fell due before it is dealt with first, in its order. Unknown ids and stale tokens change nothing.
        Raises ValueError for a queue with an unknown strategy.
        """
        self._now = max(now, self._now)
        self.board.decisions.clear()
        self._pass_time()
        _EVENTS[type(event)](self.board, event, self._now)
        self._settle()
        return list(self.board.decisions)

    def deadline(self) -> float | None:
        """When the next Tick matters (s); None while nothing will fall due."""
        return self.board.timers.next()

    def is_pending(self, offer: Offer) -> bool:
        """Whether the offer still holds, unanswered."""
        return self.board.leases.get(offer.token, OfferState.PENDING) is not None

    def unmet(self, needs: Needs) -> str | None:
        """Why nobody on the roster, whatever their state, could meet ``needs``; None when somebody can."""
        if self.board.index.able(needs):
            return None
        return unmet(needs, (record.operator for record in self.board.roster))

    def _pass_time(self) -> None:
        """What fell due at one instant is dealt with together, so that places in the queue decide, not timers."""
        timers = self.board.timers
        while (at := timers.next()) is not None and at <= self._now:
            while (key := timers.due(at)) is not None:
                _TIMERS[key[0]](self.board, *key[1:], self._now)
            self._settle()

    def _settle(self) -> None:
        """Bring together whoever can be: freed operators, then contacts to be placed, then who may be asked again."""
        board, roster = self.board, self.board.roster
        while roster.freed or board.placing or roster.shrunk:
            if roster.freed:
                freed, roster.freed = sorted(roster.freed, key=lambda record: record.idle), []
                for operator in freed:
                    self._serve(operator)
            elif board.placing:
                placing, board.placing = sorted(board.placing, key=lambda contact: contact.order), []
                for contact in placing:
                    self._place(contact)
            else:
                roster.shrunk = False
                board.placing.extend(board.room.refused())

    def _serve(self, operator: OperatorRecord) -> None:
        if operator.state is not OperatorState.READY:
            return
        contact = self._matching.contact_for(operator, self._now)
        if contact is not None:
            self._offer(contact, operator, explain.of_contacts(operator, contact, self.board, self._now))

    def _place(self, contact: ContactRecord) -> None:
        if contact.bucket is None:
            return
        strategy = STRATEGIES[self.board.queues[contact.contact.queue].strategy]
        operator = self._matching.operator_for(contact, strategy, self._now)
        if operator is not None:
            why = explain.of_operators(operator, strategy.because, contact, self.board, self._now)
            self._offer(contact, operator, why)

    def _offer(self, contact: ContactRecord, operator: OperatorRecord, why: str) -> None:
        board = self.board
        board.room.take(contact)
        lease = board.leases.open(contact, operator, board.queues[contact.contact.queue], why, self._now)
        board.roster.move(operator, OperatorState.OFFERED, "", self._now)
        board.decide(MakeOffer(lease.offer))


def _queue_changed(board: Board, event: QueueChanged, now: float) -> None:
    board.set_queue(event.queue)


def _queue_removed(board: Board, event: QueueRemoved, now: float) -> None:
    board.queues.pop(event.name, None)
    board.clear(event.name)


def _nothing(board: Board, event: Tick, now: float) -> None:
    """Time has passed already."""


def _relax(board: Board, contact_id: str, now: float) -> None:
    contact = board.room.relax(contact_id, now)
    if contact is not None:
        board.placing.append(contact)


def _reask(board: Board, contact_id: str, operator_id: str, now: float) -> None:
    contact = board.room.get(contact_id)
    if contact is not None:
        board.placing.append(contact)


_EVENTS: dict[type, Callable[[Board, Any, float], None]] = {
    **shifts.EVENTS,
    **offering.EVENTS,
    QueueChanged: _queue_changed,
    QueueRemoved: _queue_removed,
    Tick: _nothing,
}

_TIMERS: dict[str, Callable[..., None]] = {
    "lease": offering.expired,
    "after-call": shifts.after_call_over,
    "relax": _relax,
    "reask": _reask,
}
