"""How long a caller is likely to wait: from who is ahead, who can take whom, and the pace that has been seen.

Told only while such estimates have come true. Pure; times are seconds of any one clock. Estimates learn from what passes
through the router; they change nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from routing.board import Board
from routing.calibration import Calibration, Forecast
from routing.events import (
    ContactTurnedAway,
    Decision,
    Enqueued,
    Event,
    MakeOffer,
    OperatorStateChanged,
    Withdrawn,
    WithdrawOffer,
)
from routing.model import Contact, Offer, OperatorState
from routing.outlook import Outlook, outlook
from routing.pace import LEAST, Pace
from routing.replay import Wait, replay
from routing.roster import OperatorRecord
from routing.told import Told

RECENT = 24
"""A caller who is yet to come is taken to need what so many callers before them needed."""

KINDS = 3
"""Demands of them that are looked at: the most frequent."""

EVERY = 1.0
"""Seconds between two forecasts of a queue that are compared with what followed: a bound on the work of a busy queue."""

SPARE = 64
"""Contacts that are forgotten late: those that left in a rare way."""

LAST = float("inf")
"""A place behind everybody who waits with the same priority."""


@dataclass(slots=True)
class _Waiting:
    """A contact that waits. ``forecast``: what was expected when it came; ``newcomer``: before its needs were known."""

    contact: Contact
    forecast: Forecast | None
    newcomer: Forecast | None
    told: Told | None = None


class WaitEstimates:
    """Every queue's. ``saw`` must be told of each event with the decisions that followed from it."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._all = Pace()
        self._paces: defaultdict[str, Pace] = defaultdict(Pace)
        self._known: defaultdict[str, Calibration] = defaultdict(Calibration)
        self._newcomers: defaultdict[str, Calibration] = defaultdict(Calibration)
        self._recent: defaultdict[str, deque[Contact]] = defaultdict(lambda: deque(maxlen=RECENT))
        self._tried: dict[str, float] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._offers: dict[str, tuple[Offer, bool]] = {}

    # What is asked

    def expected(self, queue: str, now: float) -> Forecast | None:
        """For whoever comes to this queue now; None while such forecasts have not come true, or nobody could answer."""
        return self._newcomer(queue, now) if self._newcomers[queue].calibrated else None

    def remaining(self, contact: str, now: float) -> Told | None:
        """For a contact that waits: the rest of its wait. It is never more than was told before, but for a reason that
        ``why`` names. None as for ``expected``.
        """
        waiting = self._waiting.get(contact)
        record = self._board.room.get(contact)
        if waiting is None or record is None or not self._known[waiting.contact.queue].calibrated:
            return None
        seen = outlook(self._board, waiting.contact, record.order, now, self._pace_of)
        wait = self._play(seen, waiting.contact.queue)
        if seen is None or wait is None:
            return None
        forecast = self._known[waiting.contact.queue].forecast(wait)
        waiting.told = Told.after(waiting.told, forecast, ahead=len(seen.ahead), able=seen.able)
        return waiting.told

    def forecast_of(self, contact: str) -> Forecast | None:
        """What was expected when this contact began to wait, its needs being known."""
        waiting = self._waiting.get(contact)
        return None if waiting is None else waiting.forecast

    def calibration(self, queue: str) -> Calibration:
        """How well the forecasts for this queue's callers, their needs being known, have come true."""
        return self._known[queue]

    # What is learnt

    def saw(self, event: Event, decisions: Sequence[Decision], now: float) -> None:
        """An event has been handled, with these decisions."""
        for decision in decisions:
            match decision:
                case MakeOffer(offer):
                    self._offers[offer.operator] = (offer, False)
                case OperatorStateChanged(operator, state, _, _) if operator in self._offers:
                    self._operator(operator, state, now)
                case ContactTurnedAway(contact, _):
                    self._waiting.pop(contact, None)
                case WithdrawOffer(offer, _) if self._board.room.get(offer.contact) is None:
                    self._left(offer.contact, now)
        if isinstance(event, Enqueued):
            self._came(event.contact, now)
        elif isinstance(event, Withdrawn):
            self._left(event.contact, now)
        if len(self._waiting) > 2 * len(self._board.room) + SPARE:
            self._waiting = {each: kept for each, kept in self._waiting.items() if self._board.room.get(each)}

    def _came(self, contact: Contact, now: float) -> None:
        """Somebody who is offered an operator at once never waited."""
        record = self._board.room.get(contact.id)
        if record is None or contact.id in self._waiting:
            return
        if record.bucket is None:
            for pace in self._both(contact.queue):
                pace.waited(0.0, hung_up=False)
        elif now - self._tried.get(contact.queue, -EVERY) < EVERY:
            self._waiting[contact.id] = _Waiting(contact, None, None)
        else:
            self._tried[contact.queue] = now
            forecast = self._forecast(self._known[contact.queue], contact, record.order, now)
            newcomer = self._newcomer(contact.queue, now, besides=contact.id)
            self._waiting[contact.id] = _Waiting(contact, forecast, newcomer)
        self._recent[contact.queue].append(contact)

    def _left(self, contact_id: str, now: float) -> None:
        waiting = self._waiting.pop(contact_id, None)
        if waiting is not None:
            for pace in self._both(waiting.contact.queue):
                pace.waited(max(0.0, now - waiting.contact.since), hung_up=True)

    def _operator(self, operator: str, state: OperatorState, now: float) -> None:
        offer, answered = self._offers[operator]
        if state is OperatorState.TALKING:
            self._offers[operator] = (offer, True)
            self._answered(offer, now)
        elif state not in (OperatorState.OFFERED, OperatorState.AFTER_CALL):
            del self._offers[operator]
            if answered:
                for pace in self._both(offer.queue):
                    pace.handling.add(now - offer.made)

    def _answered(self, offer: Offer, now: float) -> None:
        for pace in self._both(offer.queue):
            pace.ringing.add(now - offer.made)
        waiting = self._waiting.pop(offer.contact, None)
        if waiting is None:
            return
        queue, waited = waiting.contact.queue, max(0.0, now - waiting.contact.since)
        for pace in self._both(queue):
            pace.waited(waited, hung_up=False)
        for calibration, forecast in (
            (self._known[queue], waiting.forecast),
            (self._newcomers[queue], waiting.newcomer),
        ):
            if forecast is not None:
                calibration.came_true(forecast, waited)

    # How it is computed

    def _newcomer(self, queue: str, now: float, besides: str = "") -> Forecast | None:
        """The mean over what callers to this queue need, as often as they do."""
        recent = Counter((c.priority, tuple(c.needs.items())) for c in self._recent[queue] if c.id != besides)
        samples = {(c.priority, tuple(c.needs.items())): c for c in self._recent[queue]}
        waits: list[tuple[Wait, int]] = []
        for key, number in recent.most_common(KINDS):
            contact = replace(samples[key], since=now)
            wait = self._wait(contact, (-contact.priority, LAST if not besides else now, 0), now)
            if wait is None:
                return None
            waits.append((wait, number))
        return self._newcomers[queue].forecast(_mixed(waits)) if waits else None

    def _forecast(
        self, calibration: Calibration, contact: Contact, order: tuple[float, float, int], now: float
    ) -> Forecast | None:
        wait = self._wait(contact, order, now)
        return None if wait is None else calibration.forecast(wait)

    def _wait(self, contact: Contact, order: tuple[float, float, int], now: float) -> Wait | None:
        return self._play(outlook(self._board, contact, order, now, self._pace_of), contact.queue)

    def _play(self, seen: Outlook | None, queue: str) -> Wait | None:
        if seen is None or self._all.handling.number < LEAST:
            return None
        wait = replay(seen.ahead, seen.mine, seen.crews, self._paces[queue].leaving)
        return None if wait is None else Wait(wait.mean + self._paces[queue].ringing.value, wait.variance)

    def _pace_of(self, operator: OperatorRecord) -> float:
        queue = operator.lease.offer.queue if operator.lease is not None else ""
        pace = self._paces[queue] if queue in self._paces else self._all
        handling = pace.handling if pace.handling.number >= LEAST else self._all.handling
        return 1.0 / max(1.0, handling.value)

    def _both(self, queue: str) -> Iterable[Pace]:
        return (self._paces[queue], self._all)


def _mixed(waits: Sequence[tuple[Wait, int]]) -> Wait:
    """One of these waits, each as likely as its number says."""
    whole = sum(number for _, number in waits)
    mean = sum(wait.mean * number for wait, number in waits) / whole
    square = sum((wait.variance + wait.mean**2) * number for wait, number in waits) / whole
    return Wait(mean, max(0.0, square - mean**2))
