"""One timer that sleeps until the next thing falls due: no polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType


class Alarm:
    """``async with alarm.calling(wake)``: ``wake`` is called at ``deadline()``, by the clock ``now``.

    ``set`` must follow every change of the deadline.
    """

    def __init__(self, deadline: Callable[[], float | None], now: Callable[[], float]) -> None:
        self._deadline = deadline
        self._now = now
        self._wake: Callable[[], None] | None = None
        self._at: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def calling(self, wake: Callable[[], None]) -> Alarm:
        """Itself, as the context in which ``wake`` is called."""
        self._wake = wake
        return self

    async def __aenter__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.set()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cancel()
        self._loop = self._wake = None

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
        if self._wake is not None:
            self._wake()
        self.set()  # the loop's clock may ring a hair too early

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
