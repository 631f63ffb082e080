"""What an engine tells its leader and, leading, says to all: gathered meanwhile, sent till Redis has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from redis.asyncio import Redis

from routing.bus.redis_client import answered
from routing.bus.scripts import SAY
from routing.bus.streams import Addressed, Keys, tell

MOST = 1000
"""Messages in one entry of a stream."""


@dataclass(slots=True)
class _Lane:
    """One direction: the epoch that it is for, what waits, and what is on its way with its number."""

    epoch: int = 0
    number: int = 0
    sending: bytes | None = None

    def next(self, waiting: list[str] | list[Addressed]) -> bytes | None:
        if self.sending is None and waiting:
            self.number += 1
            self.sending = msgspec.json.encode(waiting[:MOST])
            del waiting[:MOST]
        return self.sending


class Outgoing:
    """Two lanes to Redis, written in one go. ``refused`` is called when Redis takes another engine for the leader."""

    def __init__(self, keys: Keys, engine: str, process: str, refused: Callable[[], None]) -> None:
        self._keys, self.engine, self._process, self._refused = keys, engine, process, refused
        self._tells: list[str] = []
        self._says: list[Addressed] = []
        self._to_leader, self._as_leader = _Lane(), _Lane()
        self._news = asyncio.Event()

    @property
    def epoch(self) -> int:
        """Of the leader who is told."""
        return self._to_leader.epoch

    def led_by(self, epoch: int) -> None:
        """Who is told leads in this epoch; what was for an earlier one is forgotten."""
        if epoch != self._to_leader.epoch:
            self._to_leader = _Lane(epoch)
            self._tells.clear()

    def lead(self, epoch: int) -> None:
        """This engine says things in this epoch from now on; 0: it leads no more."""
        self._as_leader = _Lane(epoch)
        self._says.clear()

    def tell(self, body: bytes) -> None:
        """To the leader."""
        if self._to_leader.epoch:
            self._tells.append(body.decode())
            self._news.set()

    def say(self, body: bytes, to: str) -> None:
        """From the leader."""
        if self._as_leader.epoch:
            self._says.append((to, body.decode()))
            self._news.set()

    async def write(self, redis: Redis) -> None:
        """Send, until cancelled. Raises RedisError; what was on its way then is sent again by the next ``write``."""
        async with answered():
            script = await redis.script_load(SAY)
        self._news.set()
        while True:
            await self._news.wait()
            self._news.clear()
            while await self._send(redis, script):
                pass

    async def _send(self, redis: Redis, script: str) -> bool:
        """Whether there was anything to send."""
        up, down = self._to_leader, self._as_leader
        told, said = up.next(self._tells), down.next(self._says)
        if told is None and said is None:
            return False
        async with answered(), redis.pipeline(transaction=False) as pipe:
            if said is not None:
                name = f"{down.epoch}:{self.engine}"
                pipe.evalsha(script, 2, self._keys.leader, self._keys.out, name, down.epoch, down.number, said)
            if told is not None:
                tell(pipe, self._keys.told(up.epoch), self.engine, self._process, number=up.number, body=told)
            answers = await pipe.execute()
        up.sending = down.sending = None
        if said is not None and not answers[0]:
            self._refused()
        return True
