"""The bus within one engine."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from routing.bus import Message, Notice


class MemorySubscription:
    """One reader's notices."""

    def __init__(self, topics: frozenset[str], limit: int) -> None:
        self.topics = topics
        self.lost = 0
        self._notices: deque[Notice] = deque(maxlen=limit)
        self._news = asyncio.Event()
        self._ended = False

    def put(self, notice: Notice) -> None:
        """One more notice; the oldest goes when there are too many."""
        self.lost += len(self._notices) == self._notices.maxlen
        self._notices.append(notice)
        self._news.set()

    def end(self) -> None:
        """No more notices."""
        self._ended = True
        self._news.set()

    def __aiter__(self) -> AsyncIterator[Notice]:
        return self

    async def __anext__(self) -> Notice:
        while not self._notices and not self._ended:
            self._news.clear()
            await self._news.wait()
        if self._ended:
            raise StopAsyncIteration
        return self._notices.popleft()


class MemoryBus:
    """Every subscriber is in this process."""

    def __init__(self) -> None:
        self._subscriptions: list[MemorySubscription] = []

    def publish(self, topic: str, message: Message) -> None:
        """See Bus."""
        readers = [each for each in self._subscriptions if topic in each.topics]
        if readers:
            notice = Notice(topic, dict(message))
            for subscription in readers:
                subscription.put(notice)

    @asynccontextmanager
    async def subscribe(self, *topics: str, limit: int = 1000) -> AsyncIterator[MemorySubscription]:
        """See Bus."""
        subscription = MemorySubscription(frozenset(topics), limit)
        self._subscriptions.append(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.remove(subscription)
            subscription.end()
