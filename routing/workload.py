"""How much an operator has had to do: lately, and today."""

from __future__ import annotations

from collections import deque
from math import inf

from routing.model import OperatorState
from routing.spans import Spans
from routing.states import AT_CALLS, ON_DUTY

REFUSED = 180.0
"""Seconds of work that an offer counts for which was declined or not answered: about the call that was not taken, so
that nobody has fewer calls by refusing them."""

NIGHT = 6 * 3600.0
"""Seconds off duty after which another day begins: the router knows no calendar."""


class Workload:
    """``window``: seconds over which ``occupied`` is measured."""

    __slots__ = ("_began", "_duty", "_left", "_refused", "_today", "_window", "_work")

    def __init__(self, window: float) -> None:
        self._window = window
        self._work, self._duty = Spans(window), Spans(window)
        self._refused: deque[float] = deque()
        self._today = 0.0
        self._began: float | None = None
        self._left = -inf

    def moved(self, was: OperatorState, state: OperatorState, now: float) -> None:
        """The operator's state is another."""
        if (was in ON_DUTY) != (state in ON_DUTY):
            self._duty.turn(now)
            if state not in ON_DUTY:
                self._left = now
            elif now - self._left >= NIGHT:
                self._today = 0.0
        if (was in AT_CALLS) != (state in AT_CALLS):
            self._work.turn(now)
            self._today = self.today(now)
            self._began = now if state in AT_CALLS else None

    def refused(self, now: float) -> None:
        """The operator did not take an offer that reached them."""
        self._refused.append(now)
        self._forget(now)

    def _forget(self, now: float) -> None:
        while self._refused and self._refused[0] <= now - self._window:
            self._refused.popleft()

    def occupied(self, now: float) -> float:
        """The share of the time on duty in the window that was spent at calls, those refused counted as taken."""
        duty = self._duty.within(now)
        if duty <= 0:
            return 0.0
        self._forget(now)
        return (self._work.within(now) + REFUSED * len(self._refused)) / duty

    def today(self, now: float) -> float:
        """Seconds at calls since the day began."""
        return self._today + (0.0 if self._began is None else now - self._began)
