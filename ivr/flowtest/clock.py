"""An event loop whose time jumps to the next timer when nothing else is left to do: no sleeping, no sockets.

A loop is a queue of what is ready, a heap of timers and a selector that waits for the outside. Here is no outside, so
there is no selector: when nothing is ready, the time of the next timer has come.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from heapq import heappop, heappush


class Stuck(RuntimeError):
    """Nothing is ready and no timer runs: whatever is awaited never comes."""


class VirtualLoop(asyncio.BaseEventLoop):
    """``elapsed``: seconds since it was made. For one thread; nothing outside of it can be waited for."""

    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0

    def time(self) -> float:
        """The virtual time."""
        return self.elapsed

    def passed(self, seconds: float) -> bool:
        """Let so many seconds pass at once if nothing else happens in that time; else False, and none has passed."""
        until = self.elapsed + seconds
        if self._ready or (self._scheduled and self._rings_by(until)):
            return False
        self.elapsed = until
        return True

    async def passes(self, seconds: float) -> None:
        """As asyncio.sleep, but at once when nothing else happens in that time."""
        if not self.passed(seconds):
            await asyncio.sleep(seconds)

    def call_soon(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        """As of any loop, without asking whether it is closed or debugged: most of a call's steps come through here."""
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """As of any loop, without asking either."""
        timer = asyncio.TimerHandle(self.elapsed + delay, callback, args, self, context)
        heappush(self._scheduled, timer)
        return timer

    def _run_once(self) -> None:
        """One turn: what is due joins what is ready, and what was ready by then is run."""
        ready, timers = self._ready, self._scheduled
        if not ready:
            if not self._rings_by(float("inf")):
                raise Stuck("nothing is left that could happen")
            self.elapsed = max(self.elapsed, timers[0].when())
        while self._rings_by(self.elapsed):
            ready.append(heappop(timers))
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()

    def _rings_by(self, until: float) -> bool:
        """Whether a timer falls due until then; those that were cancelled are taken out first."""
        timers = self._scheduled
        while timers and timers[0].cancelled():
            heappop(timers)
        return bool(timers) and timers[0].when() <= until

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is taken out when its time comes: virtual time comes soon."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""
