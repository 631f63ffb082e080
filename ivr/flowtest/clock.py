"""An event loop whose time jumps to the next timer when nothing else is left to do: no sleeping, no sockets.

A loop is a queue of what is ready, a heap of timers and a selector that waits for the outside. Here is no outside: the
selector is asked to wait for the next timer, and lets that time have passed.
"""

from __future__ import annotations

import asyncio
from heapq import heappop
from typing import Any

_RESOLUTION = 1e-6
"""Seconds; sums of jumps stay well within it for years of virtual time."""


class Stuck(RuntimeError):
    """Nothing is ready and no timer runs: whatever is awaited never comes."""


class _Jump:
    """In a selector's place: waiting takes no time but the loop's own."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> tuple[()]:
        if timeout is None:
            raise Stuck("nothing is left that could happen")
        if timeout > 0:
            self._loop.elapsed += timeout
        return ()


class VirtualLoop(asyncio.BaseEventLoop):
    """``elapsed``: seconds since it was made. For one thread; nothing outside of it can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0
        self._clock_resolution = _RESOLUTION
        self._selector = _Jump(self)

    def time(self) -> float:
        """The virtual time."""
        return self.elapsed

    async def passes(self, seconds: float) -> None:
        """As asyncio.sleep, but at once when nothing else happens in that time."""
        until = self.elapsed + seconds
        if self._ready or self._rings_by(until):  # type: ignore[attr-defined]
            await asyncio.sleep(seconds)
        else:
            self.elapsed = until

    def _rings_by(self, until: float) -> bool:
        """Whether a timer falls due until then; those that were cancelled are taken out first, as the loop does."""
        timers: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        while timers and timers[0].cancelled():
            self._timer_cancelled_count -= 1  # type: ignore[attr-defined]
            heappop(timers)._scheduled = False  # type: ignore[attr-defined]
        return bool(timers) and timers[0].when() <= until

    def _process_events(self, events: Any) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""
