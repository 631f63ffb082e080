"""How much of the time just passed somebody spent at something."""

from __future__ import annotations

from collections import deque


class Spans:
    """Stretches of time (s), of which only the last ``window`` seconds are remembered."""

    __slots__ = ("_open", "_over", "_window")

    def __init__(self, window: float) -> None:
        self._window = window
        self._over: deque[tuple[float, float]] = deque()
        self._open: float | None = None

    def turn(self, now: float) -> None:
        """It begins, or it ends."""
        if self._open is None:
            self._open = now
            return
        self._over.append((self._open, now))
        self._open = None
        self._forget(now - self._window)

    def _forget(self, before: float) -> None:
        while self._over and self._over[0][1] <= before:
            self._over.popleft()

    def within(self, now: float) -> float:
        """Seconds of it in the window that ends now."""
        since = now - self._window
        self._forget(since)
        present = 0.0 if self._open is None else now - max(self._open, since)
        return sum(end - max(start, since) for start, end in self._over) + present
