"""What falls due, each at its time. Far ones lie unsorted by their second: setting and cancelling cost little."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

Timer = list[Any]
"""[when (s), number, what to call or None when it was cancelled, with what]: for ``Timers.cancel`` alone."""


class Timers:
    """Calls that fall due, each at its time (s); those of one time in the order in which they were set.

    ``_near``: a heap of all up to the second ``_until``; ``_far``: the others by their seconds, ``_seconds`` a heap.
    """

    __slots__ = ("_count", "_far", "_near", "_seconds", "_until")

    def __init__(self) -> None:
        self._near: list[Timer] = []
        self._far: dict[int, list[Timer]] = {}
        self._seconds: list[int] = []
        self._until = -(1 << 62)
        self._count = 0

    def set(self, at: float, call: Callable[[Any, float], None], given: Any) -> Timer:
        """Let ``call(given, now)`` fall due at ``at``."""
        self._count += 1
        timer = [at, self._count, call, given]
        second = int(at)
        if second <= self._until:
            heappush(self._near, timer)
        elif second in self._far:
            self._far[second].append(timer)
        else:
            self._far[second] = [timer]
            heappush(self._seconds, second)
        return timer

    def cancel(self, timer: Timer | None) -> None:
        """Let it not fall due. Harmless when it has, or is None."""
        if timer is not None:
            timer[2] = timer[3] = None

    def next(self) -> float | None:
        """When something falls due next."""
        while True:
            near = self._near
            while near:
                if near[0][2] is not None:
                    return float(near[0][0])
                heappop(near)
            if not self._seconds:
                return None
            self._until = heappop(self._seconds)
            self._near = sorted(timer for timer in self._far.pop(self._until) if timer[2] is not None)

    def pass_to(self, now: float) -> None:
        """Call all that is due, the earliest first."""
        while (at := self.next()) is not None and at <= now:
            timer = heappop(self._near)
            call, given = timer[2], timer[3]
            timer[2] = timer[3] = None
            call(given, now)
