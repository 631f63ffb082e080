"""One engine's place in one fleet: between a link, the engine's member and, while it leads, its leader."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from routing.bus.link import Link
from routing.fleet.leader import Leader
from routing.fleet.member import Member
from routing.fleet.messages import Message, read, written
from routing.router import Router

_log = structlog.get_logger(__name__)


class Seat:
    """The link's station. ``router`` makes a new one for each leadership. ``on_lost(why)``, ``on_led``: of the link."""

    def __init__(
        self,
        link: Link,
        member: Member,
        router: Callable[[], Router],
        now: Callable[[], float],
        *,
        alone: bool = False,
        on_led: Callable[[Seat], None],
        on_lost: Callable[[str], None],
    ) -> None:
        self._link, self._member, self._router, self._now = link, member, router, now
        self._alone, self._on_led, self._on_lost = alone, on_led, on_lost
        self._leader: Leader | None = None
        self._leading: asyncio.Task[None] | None = None
        self._heeded = True

    @property
    def leads(self) -> bool:
        """Whether this engine leads here."""
        return self._leader is not None

    async def run(self) -> None:
        """Sit here, until cancelled."""
        try:
            await self._link.run(self)
        finally:
            leading = self._leading
            self.deposed()
            if leading is not None:
                await asyncio.gather(leading, return_exceptions=True)

    def leave(self) -> None:
        """The engine has another seat: what is decided here is heeded no more."""
        self._heeded = False

    def tell(self, message: Message) -> None:
        """Tell the leader."""
        self._link.tell(written(message, self._now()))

    def leader(self, epoch: int) -> None:
        """See Station."""
        self._heeded = True
        self._on_led(self)
        self.tell(self._member.announcement())

    def received(self, body: bytes) -> None:
        """See Station."""
        message = _message(body, self._now())
        if message is not None and self._heeded:
            self._contained(self._member.hear, message)

    def elected(self, epoch: int) -> None:
        """See Station."""
        engine, expected = self._link.engine, self._member.mirror.others
        expected = frozenset() if self._alone else expected
        self._leader = Leader(engine, self._router(), self._now, self._say, expected)
        self._leading = asyncio.create_task(self._leader.run(), name=f"leader {epoch}")

    def told(self, engine: str, body: bytes) -> None:
        """See Station."""
        message = _message(body, self._now())
        if message is not None and self._leader is not None:
            self._contained(self._leader.told, engine, message)

    def deposed(self) -> None:
        """See Station."""
        self._leader = None
        if self._leading is not None:
            self._leading.cancel()
            self._leading = None

    def lost(self, why: str) -> None:
        """See Station."""
        self._on_lost(why)

    def _contained(self, what: Callable[..., None], *arguments: object) -> None:
        """One message that nothing can be made of must not end the link."""
        try:
            what(*arguments)
        except Exception:
            _log.exception("a message of the fleet could not be obeyed; calls go on")

    def _say(self, message: Message, engine: str) -> None:
        self._link.say(written(message, self._now()), engine)


def _message(body: bytes, now: float) -> Message | None:
    try:
        return read(body, now)
    except msgspec.MsgspecError as error:  # of another version of the program: what it means, nobody here knows
        _log.warning("a message of another engine cannot be read", why=str(error))
        return None
