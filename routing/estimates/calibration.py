"""Whether forecasts come true: their errors, and what these say of the spread."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from statistics import fmean

from routing.estimates.line import Wait

LEAST_TOLD = 10
"""Forecasts that must have been compared with the wait that followed before one is told."""

COME_TRUE = 0.8
"""The share of them that must have been right."""

SLACK, SHARE = 60.0, 0.5
"""Right is what misses the wait by no more than so many seconds, or such a share of it."""

LEAST_COVERED = 0.75
"""Of a hundred waits, ninety should not be longer than the p90; fewer than this, and nothing is told."""

LEAST_SPREAD = 20
"""Errors from which the spread is taken; before that, that of an exponential sum, nearly normal."""

NORMAL_P50, NORMAL_P90 = -0.1, 1.3


@dataclass(frozen=True, slots=True)
class Forecast:
    """A wait: as likely longer as shorter than ``p50`` (s); longer than ``p90`` in one case of ten.

    ``wait``: as computed, before what errors have taught.
    """

    p50: float
    p90: float
    wait: Wait


@dataclass(slots=True)
class Calibration:
    """The latest forecasts beside the waits that followed."""

    _errors: deque[float] = field(default_factory=lambda: deque(maxlen=200))
    _right: deque[bool] = field(default_factory=lambda: deque(maxlen=40))
    _covered: deque[bool] = field(default_factory=lambda: deque(maxlen=100))
    _squares: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=200))

    def forecast(self, wait: Wait) -> Forecast:
        """With the spread that errors have had."""
        spread = math.sqrt(wait.variance)
        ordered = sorted(self._errors) if len(self._errors) >= LEAST_SPREAD else []
        low = ordered[len(ordered) // 2] if ordered else NORMAL_P50
        high = ordered[math.ceil(0.9 * len(ordered)) - 1] if ordered else NORMAL_P90
        return Forecast(max(0.0, wait.mean + low * spread), max(0.0, wait.mean + high * spread), wait)

    def came_true(self, forecast: Forecast, waited: float) -> None:
        """What was forecast, and what it was (s)."""
        spread = math.sqrt(forecast.wait.variance)
        if spread > 0:
            self._errors.append((waited - forecast.wait.mean) / spread)
        self._right.append(abs(forecast.p50 - waited) <= max(SLACK, SHARE * waited))
        self._covered.append(waited <= forecast.p90)
        self._squares.append(((forecast.wait.mean - waited) ** 2, waited))

    @property
    def compared(self) -> int:
        """How many of the latest forecasts have been compared with the wait that followed."""
        return len(self._squares)

    @property
    def calibrated(self) -> bool:
        """Whether such forecasts may be told."""
        return (
            len(self._right) >= LEAST_TOLD and fmean(self._right) >= COME_TRUE and fmean(self._covered) >= LEAST_COVERED
        )

    @property
    def error(self) -> float | None:
        """Root of the mean square error, over the mean wait; None before anything was compared."""
        mean = fmean(waited for _, waited in self._squares) if self._squares else 0.0
        return math.sqrt(fmean(square for square, _ in self._squares)) / mean if mean > 0 else None
