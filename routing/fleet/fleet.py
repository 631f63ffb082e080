"""An engine in its fleet: with the others while they can be reached, alone with its own operators while not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from routing.bus.link import Link
from routing.bus.memory_link import MemoryFleet
from routing.events import OperatorStateChanged
from routing.fleet.member import Member
from routing.fleet.messages import Alive, Message
from routing.fleet.seat import Seat
from routing.router import Router

_log = structlog.get_logger(__name__)

ALIVE_SECONDS = 0.3
"""Between two signs of life."""

ALONE_SECONDS = 1.5
"""From the loss of the others until this engine routes alone: by then whoever leads them takes it to be away.

A lease is over when the loss is told; the leader notes silence after as long, and may itself have been held up so long.
"""


class Fleet:
    """``member`` is the routing for this engine. ``alone``: why it routes alone, "" while it is with the others."""

    def __init__(
        self,
        link: Link,
        router: Callable[[], Router],
        now: Callable[[], float],
        *,
        on_operator: Callable[[OperatorStateChanged], None] | None = None,
    ) -> None:
        self._link, self._router, self._now = link, router, now
        self.member = Member(link.engine, now, self._send, self.running, on_operator=on_operator)
        self.alone = ""
        self._seat: Seat | None = None
        self._solitude: asyncio.Task[None] | None = None

    @property
    def joined(self) -> bool:
        """Whether this engine routes with the others: it has found a leader, and is not alone."""
        return self._seat is not None and not self.alone

    @property
    def engines(self) -> frozenset[str]:
        """The engines that are there, as far as this one knows."""
        return self.member.mirror.engines | {self._link.engine}

    @property
    def leads(self) -> bool:
        """Whether this engine decides for all."""
        return self._seat is not None and self._seat.leads

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Part of the fleet for as long as this lasts."""
        together = self._sit(self._link)
        tasks = [asyncio.create_task(together.run()), asyncio.create_task(self._live())]
        try:
            yield
        finally:
            tasks += [self._solitude] if self._solitude is not None else []
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _sit(self, link: Link) -> Seat:
        return Seat(link, self.member, self._router, self._now, on_led=self._led, on_lost=self._lost)

    def _send(self, message: Message) -> None:
        if self._seat is not None:
            self._seat.tell(message)

    async def _live(self) -> None:
        while True:
            self._send(Alive())
            await asyncio.sleep(ALIVE_SECONDS)

    def _led(self, seat: Seat) -> None:
        """A leader is there. What one of this engine's own has just decided is as if it had not been."""
        self._accompanied()
        if self._seat is not None and self._seat is not seat:
            self._seat.leave()
        if self.alone:
            _log.info("with the other engines again")
        self.alone = ""
        self._seat = seat

    def _lost(self, why: str) -> None:
        """The others are not reached: route alone, but not before they count this engine out."""
        self._accompanied()
        self._solitude = asyncio.create_task(self._alone(why))

    def _accompanied(self) -> None:
        if self._solitude is not None:
            self._solitude.cancel()
            self._solitude = None

    async def _alone(self, why: str) -> None:
        await asyncio.sleep(ALONE_SECONDS)
        _log.warning("this engine routes alone, to the operators at home here", why=why)
        fleet = MemoryFleet()
        seat = Seat(
            fleet.link(self._link.engine),
            self.member,
            self._router,
            self._now,
            alone=True,
            on_led=lambda seat: self._led_alone(seat, why),
            on_lost=lambda _: None,
        )
        await seat.run()

    def _led_alone(self, seat: Seat, why: str) -> None:
        self.alone = why
        self._seat = seat
