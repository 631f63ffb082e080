"""How long a caller who comes to a queue now is likely to wait; told only while such estimates have come true.

A queue with callers in it empties at a pace: the time between two answers while somebody waited throughout. The
estimate is that pace times the callers ahead. Skills and priorities are not in it: where they matter the estimates
prove wrong, and are then not told. Pure; times are seconds of any one clock.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from statistics import fmean

LEAST_PACES = 5
"""Answers in a row, of callers who had waited, from which the pace of a queue is taken."""

LEAST_TOLD = 10
"""Estimates that must have been compared with the wait that followed before one is told."""

COME_TRUE = 0.8
"""The share of them that must have been right."""

SLACK, SHARE = 60.0, 0.5
"""Right is what misses the wait by no more than so many seconds, or such a share of it."""


@dataclass(slots=True)
class _Wait:
    since: float
    estimate: float | None


@dataclass(slots=True)
class WaitEstimate:
    """One queue's waits."""

    _waits: dict[str, _Wait] = field(default_factory=dict)
    _answered: float | None = None
    _paces: deque[float] = field(default_factory=lambda: deque(maxlen=20))
    _right: deque[bool] = field(default_factory=lambda: deque(maxlen=40))

    @property
    def waiting(self) -> int:
        """Callers who wait now."""
        return len(self._waits)

    def entered(self, contact: str, at: float) -> None:
        """The contact waits, from now on; one that waits already keeps its place."""
        if contact not in self._waits:
            self._waits[contact] = _Wait(at, self._estimate())

    def left(self, contact: str) -> None:
        """The contact waits no longer, and nobody answered it."""
        self._waits.pop(contact, None)

    def answered(self, contact: str, at: float) -> None:
        """The contact waits no longer: somebody answered it."""
        wait = self._waits.pop(contact, None)
        if wait is None:
            return
        if wait.estimate is not None:
            waited = at - wait.since
            self._right.append(abs(wait.estimate - waited) <= max(SLACK, SHARE * waited))
        if self._answered is not None and wait.since <= self._answered <= at:
            self._paces.append(at - self._answered)
        self._answered = at

    def expected(self) -> float | None:
        """Seconds that whoever comes now is likely to wait; None while the estimates cannot be relied on."""
        reliable = len(self._right) >= LEAST_TOLD and fmean(self._right) >= COME_TRUE
        return self._estimate() if reliable else None

    def _estimate(self) -> float | None:
        if len(self._paces) < LEAST_PACES:
            return None
        return (len(self._waits) + 1) * fmean(self._paces)
