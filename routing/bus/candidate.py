"""One engine's standing for the leadership at a Redis: a lease with an epoch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from redis.asyncio import Redis

from routing.bus.redis_client import answered
from routing.bus.scripts import RENEW, RESIGN, STAND
from routing.bus.streams import Keys

RENEWALS = 4
"""In a lease's time: so that one lost renewal deposes nobody."""

SPREAD = 0.05
"""Seconds over which candidates come back to a leadership that ends."""


class Candidate:
    """Stands, holds and gives back. ``epoch``: of this engine's own leadership, 0 while it does not lead."""

    def __init__(
        self, keys: Keys, engine: str, *, lease: float, chance: Callable[[], float], elapsed: Callable[[], float]
    ) -> None:
        self._keys, self._engine, self._lease = keys, engine, lease
        self._chance, self._elapsed = chance, elapsed
        self._until = 0.0
        self._refused = asyncio.Event()
        self.epoch = 0

    @property
    def lapsed(self) -> bool:
        """Whether the lease may be another engine's by now: it was not renewed in time, or Redis said so."""
        return self._refused.is_set() or self._elapsed() > self._until

    def refused(self) -> None:
        """Redis took nothing from this engine as the leader."""
        self._refused.set()

    async def stand(self, redis: Redis, known: int) -> None:
        """Wait until this engine leads, in an epoch above ``known``. Raises RedisError."""
        keys = (self._keys.leader, self._keys.epoch, self._keys.out)
        while True:
            began = self._elapsed()
            async with answered():
                epoch, left = await redis.eval(STAND, len(keys), *keys, self._engine, known, int(self._lease * 1000))
            if epoch:
                self._refused.clear()
                self.epoch, self._until = epoch, began + self._lease
                return
            await asyncio.sleep(max(left, 0) / 1000 + SPREAD * self._chance())

    async def hold(self, redis: Redis) -> None:
        """Renew the lease until it is lost. Raises RedisError."""
        while not self.lapsed:
            began = self._elapsed()
            async with answered():
                renewed = await redis.eval(RENEW, 1, self._keys.leader, self._name, int(self._lease * 1000))
            if not renewed:
                self._refused.set()
                return
            self._until = began + self._lease
            try:
                async with asyncio.timeout(self._lease / RENEWALS):
                    await self._refused.wait()
            except TimeoutError:
                continue

    async def resign(self, redis: Redis) -> None:
        """Let another engine lead at once. Raises RedisError."""
        if self.epoch:
            async with answered():
                await redis.eval(RESIGN, 1, self._keys.leader, self._name)

    @property
    def _name(self) -> str:
        return f"{self.epoch}:{self._engine}"
