"""The router: pure, event in, decisions out; the clock, the tokens and chance are arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from random import Random
from typing import Any

from routing import offering, shifts
from routing.agenda import Agenda
from routing.board import Board
from routing.demand import Unmet, unmet
from routing.events import Decision, Event, MakeOffer, QueueChanged, QueueRemoved, Tick, WaitExpected
from routing.explain import capture
from routing.explain.snapshot import Snapshot
from routing.matching import Matching
from routing.model import Needs, Offer, OfferState, OperatorState, Queue
from routing.room import ContactRecord
from routing.roster import OperatorRecord


class Router:
    """Who takes the next call. After each event no ready operator is beside a contact that they may take.

    ``tokens`` makes a new unguessable token for each offer. ``grace``: seconds that an offer outlasts its ringing.
    ``window``: seconds over which it is measured how much operators are at calls.
    ``moves``: how many contacts an event may relax; the others follow at once, with the next events or by Tick. Who
    only needs less with time is not counted: that costs nothing.
    ``board`` is what the router knows, for views: only ``handle`` changes it.
    """

    def __init__(
        self,
        queues: Iterable[Queue] = (),
        *,
        tokens: Callable[[], str],
        chance: Random | None = None,
        grace: float = 15.0,
        window: float = 3600.0,
        moves: int = 8,
    ) -> None:
        self.board = Board(tokens, grace, offering.expired, window)
        self._now = float("-inf")
        self._moves, self._hurried = moves, False
        self._matching = Matching(self.board.index, self.board.roster, chance or Random(0))  # noqa: S311
        for queue in queues:
            self.board.set_queue(queue, self._now)

    def __del__(self) -> None:
        """Contacts' records are in circles that Python's collector of garbage does not see."""
        self.board.drop()

    def handle(self, event: Event, now: float) -> list[Decision]:
        """What follows from ``event`` at ``now`` (s; a time before the last one counts as the last one).

        Whatever fell due before it is dealt with first, in its order. Unknown ids and stale tokens change nothing.
        Raises ValueError for a queue with an unknown strategy.
        """
        self._now = now = max(now, self._now)
        board = self.board
        decisions: list[Decision] = []
        board.decisions = decisions
        board.room.moves = self._moves
        if now >= board.timers.nearest or self._hurried:
            self._pass_time(now)
        _EVENTS[type(event)](board, event, now)
        if board.placing or board.roster.freed or board.roster.shrunk:
            self._settle(now)
        while board.room.pressure and board.room.loosen(now):
            self._settle(now)
        self._hurried = board.room.hurried
        return decisions

    def deadline(self) -> float | None:
        """When the next Tick matters (s); None while nothing will fall due."""
        return self._now if self._hurried else self.board.timers.next()

    def is_pending(self, offer: Offer) -> bool:
        """Whether the offer still holds, unanswered."""
        return self.board.leases.get(offer.token, OfferState.PENDING) is not None

    def seen(self, offer: Offer) -> Snapshot:
        """What this offer was decided by. Ask before the next event. Raises LookupError once the offer is over."""
        lease = self.board.leases.get(offer.token, OfferState.PENDING)
        if lease is None:
            raise LookupError(offer.token)
        return capture.offered(self.board, lease, self._now)

    def seen_waiting(self, contact: str, now: float) -> Snapshot | None:
        """Why nobody is offered this contact now; None when it does not wait."""
        record = self.board.room.get(contact)
        if record is None or record.lease is not None:
            return None
        return capture.unanswered(self.board, record, max(now, self._now))

    def unmet(self, needs: Needs) -> Unmet | None:
        """Why nobody on the roster, whatever their state, could meet ``needs``; None when somebody can."""
        if self.board.index.skills.able(needs):
            return None
        return unmet(needs, [record.operator for record in self.board.roster])

    def _pass_time(self, now: float) -> None:
        """All that fell due is dealt with before anybody is chosen, so that places in the queue decide, not timers."""
        self.board.room.catch_up(now)
        self.board.timers.pass_to(now)
        self._settle(now)

    def _settle(self, now: float) -> None:
        """Bring together whoever can be, whatever changed at once: contacts by their places, each by its strategy."""
        board, roster = self.board, self.board.roster
        if not roster.ready_bits:  # nobody is free: who waits has been put where whoever comes free will look
            roster.freed.clear()
            board.placing.clear()
            roster.shrunk = False
            return
        while roster.freed or board.placing or roster.shrunk:
            if roster.shrunk:  # who refused a call may now be the only one left to ask
                roster.shrunk = False
                board.placing.extend(board.room.refused())
            freed, roster.freed = roster.freed, []
            placing, board.placing = board.placing, []
            if board.reserved and freed:
                freed = self._with_those_kept(freed)
            if len(freed) + len(placing) == 1:
                self._one(freed, placing, now)
            else:
                for contact, operator in Agenda(self._matching, board.strategy, now, freed, placing).pairs():
                    self._offer(contact, operator, now, freed=operator in freed)
            for operator in freed:
                if operator.state is OperatorState.READY:
                    board.waves.stays(operator, now)

    def _with_those_kept(self, freed: list[OperatorRecord]) -> list[OperatorRecord]:
        """Where one more of a group is free, another of it who was left free for other calls may be free to go."""
        grown = {skill for operator in freed for skill in self.board.reserved if skill in operator.operator.skills}
        if not grown:
            return freed
        bits = reduce(or_, map(self.board.index.skills.having, grown))
        others = [operator for operator in self.board.roster.idle(bits) if operator not in freed]
        return freed + others

    def _one(self, freed: list[OperatorRecord], placing: list[ContactRecord], now: float) -> None:
        """Only this operator came free, or only this contact is to be placed: nobody else can be meant."""
        contact: ContactRecord | None
        operator: OperatorRecord | None
        if freed:
            operator = freed[0] if freed[0].state is OperatorState.READY else None
            contact = self._matching.contact_for(operator, now) if operator is not None else None
        else:
            contact = placing[0] if placing[0].bucket is not None else None
            operator = self._matching.operator_for(contact, self.board.strategy(contact), now) if contact else None
        if contact is not None and operator is not None:
            self._offer(contact, operator, now, freed=bool(freed))

    def _offer(self, contact: ContactRecord, operator: OperatorRecord, now: float, *, freed: bool) -> None:
        board = self.board
        if contact.bucket is not None and contact.bucket.eases:
            contact.relax(now)
        board.room.take(contact)
        lease = board.leases.open(contact, operator, board.queues[contact.contact.queue], now, freed=freed)
        board.roster.move(operator, OperatorState.OFFERED, "", now)
        board.decide(MakeOffer(lease.offer))


def _queue_changed(board: Board, event: QueueChanged, now: float) -> None:
    board.set_queue(event.queue, now)


def _queue_removed(board: Board, event: QueueRemoved, now: float) -> None:
    board.queues.pop(event.name, None)
    board.clear(event.name)


def _wait_expected(board: Board, event: WaitExpected, now: float) -> None:
    if event.seconds is None:
        board.room.pressure.expected.pop(event.queue, None)
    else:
        board.room.pressure.expected[event.queue] = event.seconds


def _nothing(board: Board, event: Tick, now: float) -> None:
    """Time has passed already."""


_EVENTS: dict[type, Callable[[Board, Any, float], None]] = {
    **shifts.EVENTS,
    **offering.EVENTS,
    QueueChanged: _queue_changed,
    QueueRemoved: _queue_removed,
    WaitExpected: _wait_expected,
    Tick: _nothing,
}
