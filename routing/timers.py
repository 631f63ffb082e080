"""What falls due, each at its time. Far ones lie unsorted by their second: setting and cancelling cost little."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

Timer = list[Any]
"""[when (s), number, what to call or None when it was cancelled, with what]: for ``Timers.cancel`` alone."""


class Timers:
    """Calls that fall due, each at its time (s); those of one time in the order in which they were set.

    ``_near``: all up to the second ``_until``, sorted, the first ``_passed`` of which are over; ``_far``: the others
    by their seconds, ``_seconds`` a heap. ``nearest``: nothing falls due before it.
    """

    __slots__ = ("_count", "_far", "_near", "_passed", "_seconds", "_until", "nearest")

    def __init__(self) -> None:
        self._near: list[Timer] = []
        self._passed = 0
        self._far: dict[int, list[Timer]] = {}
        self._seconds: list[int] = []
        self._until = -(1 << 62)
        self._count = 0
        self.nearest = float("inf")

    def set(self, at: float, call: Callable[[Any, float], None], given: Any) -> Timer:
        """Let ``call(given, now)`` fall due at ``at``."""
        self._count += 1
        timer = [at, self._count, call, given]
        second = int(at)
        if second <= self._until:
            insort(self._near, timer, self._passed)
        elif second in self._far:
            self._far[second].append(timer)
        else:
            self._far[second] = [timer]
            heappush(self._seconds, second)
        self.nearest = min(self.nearest, at)
        return timer

    def cancel(self, timer: Timer | None) -> None:
        """Let it not fall due. Harmless when it has, or is None."""
        if timer is not None:
            timer[2] = timer[3] = None

    def next(self) -> float | None:
        """When something falls due next."""
        while True:
            near, passed = self._near, self._passed
            while passed < len(near) and near[passed][2] is None:
                passed += 1
            self._passed = passed
            if passed < len(near):
                self.nearest = near[passed][0]
                return self.nearest
            if not self._seconds:
                self._near, self._passed, self.nearest = [], 0, float("inf")
                return None
            self._until = heappop(self._seconds)
            self._near = sorted(timer for timer in self._far.pop(self._until) if timer[2] is not None)
            self._passed = 0

    def pass_to(self, now: float) -> None:
        """Call all that is due, the earliest first."""
        while (at := self.next()) is not None and at <= now:
            timer = self._near[self._passed]
            self._passed += 1
            call, given = timer[2], timer[3]
            timer[2] = timer[3] = None
            call(given, now)
