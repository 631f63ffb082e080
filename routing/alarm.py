"""One timer that sleeps until the next thing falls due: no polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType


class Alarm:
    """Calls ``wake`` at ``deadline()``, by the clock ``now``, within its context. ``set`` must follow every change of
    the deadline."""

    def __init__(
        self, deadline: Callable[[], float | None], now: Callable[[], float], wake: Callable[[], None]
    ) -> None:
        self._deadline = deadline
        self._now = now
        self._wake = wake
        self._at: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.set()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cancel()
        self._loop = None

    def set(self) -> None:
        """The deadline may be another."""
        if self._loop is None:
            return
        at = self._deadline()
        if at == self._at and self._timer is not None:
            return
        self._cancel()
        if at is not None:
            self._at = at
            self._timer = self._loop.call_later(max(0.0, at - self._now()), self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._wake()
        self.set()  # the loop's clock may ring a hair too early

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
