"""Lines that cannot be written yet: kept in memory, in order, within a bound."""

from __future__ import annotations

from collections import deque
from itertools import islice


class Backlog:
    """At most ``limit`` bytes of lines. Each has a running number, so that it can be forgotten by name."""

    def __init__(self, limit: int) -> None:
        self.size = 0
        self._limit = limit
        self._lines: deque[bytes] = deque()
        self._first = 1  # the running number of the oldest line

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: bytes) -> bool:
        """Whether there was room for the line."""
        if self.size + len(line) > self._limit:
            return False
        self._lines.append(line)
        self.size += len(line)
        return True

    def oldest(self, limit: int) -> tuple[list[bytes], int]:
        """At most ``limit`` lines, and the running number of the last of them."""
        lines = list(islice(self._lines, limit))
        return lines, self._first + len(lines) - 1

    def forget(self, last: int) -> None:
        """Let go of the lines up to the running number ``last``."""
        while self._lines and self._first <= last:
            self.size -= len(self._lines.popleft())
            self._first += 1
