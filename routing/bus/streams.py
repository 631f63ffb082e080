"""The two streams at a Redis: what the engines tell the leader of an epoch, and what whoever leads says to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from redis.asyncio import Redis

from routing.bus.redis_client import answered
from routing.bus.scripts import KEPT

BLOCK = 400
"""Milliseconds that a read waits at Redis for news, then asks again: so a dead connection is noticed."""

Addressed = tuple[str, str]
"""To whom ("" for all), and what. A message is JSON, so text."""

_said = msgspec.json.Decoder(list[Addressed])
_told = msgspec.json.Decoder(list[str])


@dataclass(frozen=True, slots=True)
class Keys:
    """The names at Redis of one fleet's things."""

    fleet: str

    @property
    def leader(self) -> str:
        """Who leads: ``epoch:engine``, for as long as the lease lasts."""
        return f"{self.fleet}:leader"

    @property
    def epoch(self) -> str:
        """The highest epoch so far."""
        return f"{self.fleet}:epoch"

    @property
    def out(self) -> str:
        """What leaders say."""
        return f"{self.fleet}:out"

    def told(self, epoch: int) -> str:
        """What the leader of this epoch is told."""
        return f"{self.fleet}:told:{epoch}"


class Numbers:
    """Numbers of one sender's messages: each counts once, and a gap is noticed."""

    def __init__(self) -> None:
        self._last: int | None = None

    def seen(self, number: int) -> bool:
        """Whether this one has been seen before; it has from now on."""
        if self._last is not None and number <= self._last:
            return True
        self.gap = self._last is not None and number != self._last + 1
        self._last = number
        return False

    gap = False
    """Whether something is missing before the last number that was new."""


class Said:
    """Reads what leaders say, from a place in the stream on.

    ``epoch``: of the latest leader. ``on_leader(epoch)``: there is a new one, or something from it was missed.
    ``on_message(body)``: it says this to ``engine``.
    """

    def __init__(
        self, keys: Keys, engine: str, on_leader: Callable[[int], None], on_message: Callable[[bytes], None]
    ) -> None:
        self._keys, self._engine = keys, engine
        self._on_leader, self._on_message = on_leader, on_message
        self._place: bytes | None = None
        self._numbers = Numbers()
        self.epoch = self.highest = 0

    async def begin(self, redis: Any) -> None:
        """Go on where reading ended; at the stream's end the first time, and when Redis has forgotten it meanwhile."""
        async with answered():
            newest = await redis.xrevrange(self._keys.out, count=1)
        async with answered():
            held, highest = await redis.mget(self._keys.leader, self._keys.epoch)
        end = newest[0][0] if newest else b"0-0"
        forgotten = self._place is None or _order(self._place) > _order(end) or int(highest or 0) < self.epoch
        if forgotten:
            self._place, self._numbers = end, Numbers()
            self._led(int(held.split(b":")[0]) if held else 0)

    async def read(self, redis: Redis) -> None:
        """Pass on what is there, until cancelled. Raises RedisError."""
        while True:
            for place, entry in await _news(redis, self._keys.out, self._place or b"0-0"):
                self._entry(entry)
                self._place = place

    def _entry(self, entry: dict[bytes, bytes]) -> None:
        epoch = int(entry[b"epoch"])
        if epoch < self.epoch:
            return
        if epoch > self.epoch or b"leader" in entry:
            self._led(epoch)
            self._numbers = Numbers()
            self._numbers.seen(0)
            self._on_leader(epoch)
        if b"body" in entry and not self._numbers.seen(int(entry[b"number"])):
            self._body(entry[b"body"])

    def _led(self, epoch: int) -> None:
        self.epoch, self.highest = epoch, max(epoch, self.highest)

    def _body(self, body: bytes) -> None:
        if self._numbers.gap:
            self._on_leader(self.epoch)
        for to, message in _said.decode(body):
            if to in ("", self._engine):
                if message:
                    self._on_message(message.encode())
                else:  # the leader asks for everything
                    self._on_leader(self.epoch)


class Told:
    """Reads what the leader of ``epoch`` is told. ``on_gap(engine)``: something from this engine was lost."""

    def __init__(
        self, keys: Keys, epoch: int, on_message: Callable[[str, bytes], None], on_gap: Callable[[str], None]
    ) -> None:
        self._stream = keys.told(epoch)
        self._on_message, self._on_gap = on_message, on_gap
        self._place = b"0-0"
        self._numbers: dict[bytes, Numbers] = {}

    async def read(self, redis: Redis) -> None:
        """Pass on what is there, until cancelled. Raises RedisError."""
        while True:
            for place, entry in await _news(redis, self._stream, self._place):
                self._place = place
                self._entry(entry)

    def _entry(self, entry: dict[bytes, bytes]) -> None:
        numbers = self._numbers.setdefault(entry[b"process"], Numbers())
        if numbers.seen(int(entry[b"number"])):
            return
        engine = entry[b"engine"].decode()
        if numbers.gap:
            self._on_gap(engine)
        for message in _told.decode(entry[b"body"]):
            self._on_message(engine, message.encode())


async def _news(redis: Any, stream: str, place: bytes) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """What was stored after ``place``, as soon as there is something; nothing after BLOCK."""
    async with answered():
        found = await redis.xread({stream: place}, count=200, block=BLOCK)
    return found[0][1] if found else []


def tell(pipe: Any, stream: str, engine: str, process: str, *, number: int, body: bytes) -> None:
    """Add one entry to what the leader of an epoch is told; the stream goes an hour after its epoch, about."""
    fields = {"engine": engine, "process": process, "number": number, "body": body}
    pipe.xadd(stream, fields, maxlen=KEPT, approximate=True)
    if number % 100 == 1:
        pipe.expire(stream, 3600)


def _order(place: bytes) -> tuple[int, int]:
    moment, _, count = place.partition(b"-")
    return int(moment), int(count)
