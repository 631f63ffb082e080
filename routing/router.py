"""The router: pure, event in, decisions out; the clock, the tokens and chance are arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from routing import explain, offering, shifts
from routing.agenda import Agenda
from routing.board import Board
from routing.demand import unmet
from routing.events import Decision, Event, MakeOffer, QueueChanged, QueueRemoved, Tick
from routing.matching import Matching
from routing.model import Needs, Offer, OfferState, OperatorState, Queue
from routing.room import ContactRecord
from routing.roster import OperatorRecord


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
        """All that fell due is dealt with before anybody is chosen, so that places in the queue decide, not timers."""
        while (key := self.board.timers.due(self._now)) is not None:
            _TIMERS[key[0]](self.board, *key[1:], self._now)
        self._settle()

    def _settle(self) -> None:
        """Bring together whoever can be, whatever changed at once: contacts by their places, each by its strategy."""
        board, roster = self.board, self.board.roster
        while roster.freed or board.placing or roster.shrunk:
            if roster.shrunk:  # who refused a call may now be the only one left to ask
                roster.shrunk = False
                board.placing.extend(board.room.refused())
            freed, roster.freed = roster.freed, []
            placing, board.placing = board.placing, []
            agenda = Agenda(self._matching, board.strategy, self._now, freed, placing)
            for contact, operator in agenda.pairs():
                self._offer(contact, operator, self._why(contact, operator, operator in freed))

    def _why(self, contact: ContactRecord, operator: OperatorRecord, freed: bool) -> str:
        if freed:
            return explain.of_contacts(operator, contact, self.board, self._now)
        return explain.of_operators(operator, self.board.strategy(contact).because, contact, self.board, self._now)

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
