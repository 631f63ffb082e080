"""A heap from which anything can be taken out: what is taken out is skipped later (lazy deletion)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from heapq import heapify, heappop, heappush
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Order = tuple[Any, ...]
"""What is sorted by; least first. Two keys in one heap never have equal orders."""

_SLACK = 64


class LazyHeap(Generic[Key]):
    """Keys by order, least first; each key at most once."""

    __slots__ = ("_heap", "_live")

    def __init__(self) -> None:
        self._heap: list[tuple[Order, Key]] = []
        self._live: dict[Key, Order] = {}

    def __len__(self) -> int:
        return len(self._live)

    def push(self, key: Key, order: Order) -> None:
        """Put ``key`` in, or move it to ``order``."""
        self._live[key] = order
        if len(self._heap) > 2 * len(self._live) + _SLACK:
            self._heap = [(order, key) for key, order in self._live.items()]
            heapify(self._heap)
        else:
            heappush(self._heap, (order, key))

    def discard(self, key: Key) -> None:
        """Take ``key`` out, if it is there."""
        self._live.pop(key, None)

    def first(self) -> tuple[Order, Key] | None:
        """The least, left in its place."""
        while self._heap:
            entry = self._heap[0]
            if self._live.get(entry[1]) is entry[0]:
                return entry
            heappop(self._heap)
        return None

    def first_where(self, accept: Callable[[Key], bool]) -> tuple[Order, Key] | None:
        """The least that is accepted. Costs a log for each one that is not: for rare refusals."""
        passed = []
        while (entry := self.first()) is not None and not accept(entry[1]):
            passed.append(entry)
            heappop(self._heap)
        for skipped in passed:
            heappush(self._heap, skipped)
        return entry


class Timers:
    """Keys that fall due, each at its time (s)."""

    __slots__ = ("_count", "_heap")

    def __init__(self) -> None:
        self._heap: LazyHeap[tuple[str, ...]] = LazyHeap()
        self._count = 0

    def set(self, key: tuple[str, ...], at: float) -> None:
        """Let ``key`` fall due at ``at``; an earlier setting of it no longer holds."""
        self._count += 1
        self._heap.push(key, (at, self._count))

    def cancel(self, key: tuple[str, ...]) -> None:
        """Let ``key`` not fall due."""
        self._heap.discard(key)

    def next(self) -> float | None:
        """When something falls due next."""
        entry = self._heap.first()
        return None if entry is None else entry[0][0]

    def due(self, now: float) -> tuple[str, ...] | None:
        """The earliest key that is due, taken out; None when none is."""
        entry = self._heap.first()
        if entry is None or entry[0][0] > now:
            return None
        self._heap.discard(entry[1])
        return entry[1]
