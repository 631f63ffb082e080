"""How long callers are likely to wait, learnt from what passes through the router, told while it has come true.

Pure: times are arguments, seconds of the router's clock. The estimates change nothing of the router's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from routing.board import Board
from routing.bucket import Order
from routing.estimates.calibration import Calibration, Forecast
from routing.estimates.line import Wait, play
from routing.estimates.newcomers import Newcomers, mixed
from routing.estimates.outlook import Outlook, outlook
from routing.estimates.pace import Paces
from routing.estimates.told import Told
from routing.events import (
    ContactChanged,
    ContactTurnedAway,
    Decision,
    Enqueued,
    Event,
    MakeOffer,
    OfferFailed,
    OperatorStateChanged,
    Withdrawn,
    WithdrawOffer,
)
from routing.model import Contact, Offer, OfferOutcome, OperatorState
from routing.orders import ORDERS, SHARED

EVERY = 1.0
"""Seconds between two forecasts of a queue that are compared with what followed: a bound on a busy queue's work."""

SPARE = 64
"""Contacts that are forgotten late: those that left in a rare way."""


@dataclass(slots=True)
class _Waiting:
    """A contact that waits. ``forecast``: what was expected when it came; ``newcomer``: before its needs were known."""

    contact: Contact
    forecast: Forecast | None = None
    newcomer: Forecast | None = None
    told: Told | None = None


class WaitEstimates:
    """Every queue's. ``saw`` must be told of each event with the decisions that followed from it."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._paces = Paces()
        self._newcomers = Newcomers()
        self._known: defaultdict[str, Calibration] = defaultdict(Calibration)
        self._unknown: defaultdict[str, Calibration] = defaultdict(Calibration)
        self._tried: dict[str, float] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._offers: dict[str, tuple[Offer, bool]] = {}

    # What is asked

    def expected(self, queue: str, now: float) -> Forecast | None:
        """For whoever comes to this queue now and finds nobody free. None while such forecasts have not come true, or
        where nobody can be foretold: no operator could take them, or the order is by shares."""
        return self._newcomer(queue, now) if self._unknown[queue].calibrated else None

    def remaining(self, contact: str, now: float) -> Told | None:
        """For a contact that waits: the rest of its wait, never more than was told before but for a reason that it
        names. None as for ``expected``."""
        waiting, record = self._waiting.get(contact), self._board.room.get(contact)
        if waiting is None or record is None or not record.order:
            return None
        known = self._known[waiting.contact.queue]
        seen = self._outlook(waiting.contact, record.order, now) if known.calibrated else None
        wait = self._play(seen, waiting.contact.queue)
        if seen is None or wait is None:
            return None
        waiting.told = Told.after(waiting.told, known.forecast(wait), ahead=len(seen.ahead), able=seen.able)
        return waiting.told

    def forecast_of(self, contact: str) -> Forecast | None:
        """What was expected when this contact began to wait, its needs being known."""
        waiting = self._waiting.get(contact)
        return None if waiting is None else waiting.forecast

    def calibration(self, queue: str, *, newcomers: bool = False) -> Calibration:
        """How well the forecasts of this queue's callers have come true; ``newcomers``: made before their needs were
        known."""
        return (self._unknown if newcomers else self._known)[queue]

    # What is learnt

    def saw(self, event: Event, decisions: Sequence[Decision], now: float) -> None:
        """An event has been handled, with these decisions."""
        if isinstance(event, OfferFailed) and event.outcome is OfferOutcome.WITHDRAWN:
            self._left(next((o.contact for o, _ in self._offers.values() if o.token == event.token), ""), now)
        for decision in decisions:
            self._decided(decision, now)
        match event:
            case Enqueued(contact):
                self._came(contact, now)
            case Withdrawn(contact_id):
                self._left(contact_id, now)
            case ContactChanged(contact) if contact.id in self._waiting:
                record = self._board.room.get(contact.id)
                self._waiting[contact.id] = _Waiting(record.contact if record is not None else contact)
        if len(self._waiting) > 2 * len(self._board.room) + SPARE:
            self._waiting = {each: kept for each, kept in self._waiting.items() if self._board.room.get(each)}

    def _decided(self, decision: Decision, now: float) -> None:
        match decision:
            case MakeOffer(offer):
                self._offers[offer.operator] = (offer, False)
            case OperatorStateChanged(operator, state) if operator in self._offers:
                self._operator(operator, state, now)
            case ContactTurnedAway(contact):
                self._waiting.pop(contact, None)
            case WithdrawOffer(offer) if self._board.room.get(offer.contact) is None:
                self._left(offer.contact, now)

    def _came(self, contact: Contact, now: float) -> None:
        """Somebody who is offered an operator at once never waited."""
        record = self._board.room.get(contact.id)
        if record is None or contact.id in self._waiting:
            return
        if record.bucket is None:
            for pace in self._paces.both(contact.queue):
                pace.waited(0.0, hung_up=False)
        elif now - self._tried.get(contact.queue, -inf) < EVERY:
            self._waiting[contact.id] = _Waiting(contact)
        else:
            self._tried[contact.queue] = now
            wait = self._play(self._outlook(contact, record.order, now), contact.queue)
            forecast = None if wait is None else self._known[contact.queue].forecast(wait)
            newcomer = self._newcomer(contact.queue, now, record.number)
            self._waiting[contact.id] = _Waiting(contact, forecast, newcomer)
        self._newcomers.came(contact)

    def _left(self, contact_id: str, now: float) -> None:
        waiting = self._waiting.pop(contact_id, None)
        if waiting is not None:
            for pace in self._paces.both(waiting.contact.queue):
                pace.waited(max(0.0, now - waiting.contact.since), hung_up=True)

    def _operator(self, operator: str, state: OperatorState, now: float) -> None:
        offer, answered = self._offers[operator]
        if state is OperatorState.TALKING:
            self._offers[operator] = (offer, True)
            self._answered(offer, now)
        elif state not in (OperatorState.OFFERED, OperatorState.AFTER_CALL):
            del self._offers[operator]
            for pace in self._paces.both(offer.queue) if answered else ():
                pace.handling.add(now - offer.made)

    def _answered(self, offer: Offer, now: float) -> None:
        for pace in self._paces.both(offer.queue):
            pace.ringing.add(now - offer.made)
        waiting = self._waiting.pop(offer.contact, None)
        if waiting is None:
            return
        queue, waited = waiting.contact.queue, max(0.0, now - waiting.contact.since)
        for pace in self._paces.both(queue):
            pace.waited(waited, hung_up=False)
        if waiting.forecast is not None:
            self._known[queue].came_true(waiting.forecast, waited)
        if waiting.newcomer is not None:
            self._unknown[queue].came_true(waiting.newcomer, waited)

    # How it is computed

    def _newcomer(self, queue: str, now: float, number: float = inf) -> Forecast | None:
        """``number``: of a contact in the room, whose place the newcomer takes; else behind all who are there."""
        rules = self._board.queues.get(queue)
        if rules is None or rules.order in SHARED:
            return None
        waits: list[tuple[Wait, int]] = []
        for contact, often in self._newcomers.likely(queue, now):
            order = (*ORDERS[rules.order](now, contact.priority, rules), number)
            wait = self._play(self._outlook(contact, order, now), queue)
            if wait is None:
                return None
            waits.append((wait, often))
        return self._unknown[queue].forecast(mixed(waits)) if waits else None

    def _outlook(self, contact: Contact, order: Order, now: float) -> Outlook | None:
        return outlook(self._board, contact, order, now, self._paces.rate) if self._paces.known else None

    def _play(self, seen: Outlook | None, queue: str) -> Wait | None:
        wait = None if seen is None else play(seen.ahead, seen.mine, seen.crews, self._paces.of(queue).leaving)
        return None if wait is None else Wait(wait.mean + self._paces.of(queue).ringing.value, wait.variance)
