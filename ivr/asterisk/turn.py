"""One at a time, for those who next to never meet: free, it costs a look; asyncio.Lock costs three coroutines."""

from __future__ import annotations

import asyncio
from collections import deque


class Turn:
    """``taken`` is set and given back by hand: whoever finds it taken waits in ``free``, and then looks again."""

    __slots__ = ("_waiting", "taken")

    def __init__(self) -> None:
        self.taken = False
        self._waiting: deque[asyncio.Future[None]] | None = None

    async def free(self) -> None:
        """Return when nobody has the turn; the first to wait is the first to be told."""
        while self.taken:
            if self._waiting is None:
                self._waiting = deque()
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            try:
                await future
            except asyncio.CancelledError:
                if not self.taken:  # it was told as it was cancelled: another's turn
                    self.give_back()
                raise

    def give_back(self) -> None:
        """The next may take it."""
        self.taken = False
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)
                return
