"""A fleet whose engines meet at a Redis."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog
from redis import RedisError
from redis.asyncio import Redis

from routing.bus.candidate import Candidate
from routing.bus.link import LEASE, Station
from routing.bus.outgoing import Outgoing
from routing.bus.redis_client import client
from routing.bus.streams import Keys, Said, Told

Result = TypeVar("Result")

_log = structlog.get_logger(__name__)

AGAIN_SECONDS = 0.2
"""Between two tries to reach Redis."""


class RedisLink:
    """See routing.bus.link.Link. ``url``: redis://…; ``fleet``: its name, for several at one Redis. ``lease``: seconds.

    Every message is numbered, so that one sent twice (its answer was lost) counts once; where one is missing, the
    station is asked for everything. ``chance`` spreads the candidates, so that not all of them stand at once.
    """

    def __init__(
        self,
        url: str,
        engine: str,
        *,
        fleet: str = "kommutator",
        lease: float = LEASE,
        chance: Callable[[], float] = random.random,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url, self._engine, self._lease, self._elapsed = url, engine, lease, elapsed
        self._keys = Keys(fleet)
        self._candidate = Candidate(self._keys, engine, lease=lease, chance=chance, elapsed=elapsed)
        self._outgoing = Outgoing(self._keys, engine, secrets.token_hex(8), self._candidate.refused)

    @property
    def engine(self) -> str:
        """See Link."""
        return self._engine

    def tell(self, body: bytes) -> None:
        """See Link."""
        self._outgoing.tell(body)

    def say(self, body: bytes, to: str = "") -> None:
        """See Link."""
        self._outgoing.say(body, to)

    async def run(self, station: Station) -> None:
        """See Link."""
        connection = _Connection(
            self._keys, self._candidate, self._outgoing, station, lease=self._lease, elapsed=self._elapsed
        )
        try:
            while True:
                why = await _apart(self._connected(connection))
                if why is not None:
                    connection.failed(why)
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with client(self._url) as redis:
                    await self._candidate.resign(redis)
            connection.depose()

    async def _connected(self, connection: _Connection) -> BaseException | None:
        """What ended the connection."""
        why: BaseException | None = None
        try:
            async with client(self._url) as redis:
                await connection.run(redis)
        except* (RedisError, OSError, TimeoutError) as failed:
            why = _first(failed)
        return why


class _Connection:
    """What goes on over each connection, and what outlasts it."""

    def __init__(
        self,
        keys: Keys,
        candidate: Candidate,
        outgoing: Outgoing,
        station: Station,
        *,
        lease: float,
        elapsed: Callable[[], float],
    ) -> None:
        self._keys, self._candidate, self._outgoing, self._station = keys, candidate, outgoing, station
        self._lease, self._elapsed = lease, elapsed
        self._said = Said(keys, outgoing.engine, self._led_by, station.received)
        self._told: Told | None = None
        self._away: float | None = elapsed()
        self._lost = False

    async def run(self, redis: Redis) -> None:
        """Carry messages until the connection fails: an ExceptionGroup."""
        await self._said.begin(redis)
        self._away = None
        if self._said.epoch and (self._lost or self._said.epoch != self._outgoing.epoch):
            self._led_by(self._said.epoch)
        self._lost = False
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._said.read(redis))
            tasks.create_task(self._outgoing.write(redis))
            tasks.create_task(self._lead(redis))

    def failed(self, why: BaseException) -> None:
        """Redis is not reached: the leadership and the fleet are given up when the lease is over."""
        now = self._elapsed()
        self._away = now if self._away is None else self._away
        if self._candidate.epoch and self._candidate.lapsed:
            self.depose()
        if not self._lost and now - self._away > self._lease:
            self._lost = True
            _log.warning("the other engines cannot be reached", why=str(why) or repr(why))
            self._station.lost(str(why) or repr(why))

    def depose(self) -> None:
        """This engine leads no more, if it did."""
        if self._told is not None:
            self._told = None
            self._candidate.epoch = 0
            self._outgoing.lead(0)
            self._station.deposed()

    async def _lead(self, redis: Redis) -> None:
        """Stand, lead, stand again."""
        while True:
            if self._told is None:
                await self._candidate.stand(redis, self._said.highest)
                self._elected(self._candidate.epoch)
            await self._hold(redis)
            self.depose()

    def _elected(self, epoch: int) -> None:
        self._outgoing.lead(epoch)
        self._told = Told(self._keys, epoch, self._station.told, lambda engine: self._outgoing.say(b"", engine))
        _log.info("this engine leads", epoch=epoch)
        self._station.elected(epoch)

    async def _hold(self, redis: Redis) -> None:
        assert self._told is not None
        reading = asyncio.create_task(self._told.read(redis))
        holding = asyncio.create_task(self._candidate.hold(redis))
        try:
            await asyncio.wait((reading, holding), return_when=asyncio.FIRST_COMPLETED)
            for task in (reading, holding):
                if task.done():
                    task.result()
        finally:
            reading.cancel()
            holding.cancel()
            await asyncio.gather(reading, holding, return_exceptions=True)

    def _led_by(self, epoch: int) -> None:
        self._outgoing.led_by(epoch)
        self._station.leader(epoch)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


async def _apart(work: Coroutine[Any, Any, Result]) -> Result:
    """``work`` in a task of its own, ended with this one.

    For a task that a task group of its own has ended by a failure may count as cancelled before Python 3.13.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task})
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return task.result()
