"""One call's connection to Asterisk: commands one at a time, and news of a hang-up the moment it comes."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol, cast

from ivr.asterisk.agi_codec import Codec, State
from ivr.asterisk.agi_command import encode
from ivr.asterisk.agi_events import Closed, HangUp, Header, Refused, Reply
from ivr.asterisk.turn import Turn
from ivr.channel import CallerGone

COMMAND_LIMIT = 30.0
"""Seconds that a command may take unless its caller says otherwise."""

FOREVER = math.inf
_NONE: Mapping[str, str] = MappingProxyType({})


class Observer(Protocol):
    """Who is told of a session's life: the server."""

    def opened(self, session: AgiSession) -> None:
        """A peer connected; nothing is known of it but its address."""

    def ready(self, session: AgiSession) -> None:
        """The header is complete: this is a call."""

    def ended(self, session: AgiSession) -> None:
        """The connection has ended. Called once."""


class AgiSession(asyncio.Protocol):
    """A call as AGI shows it. With no command outstanding Asterisk still services the channel: waiting costs nothing.

    ``variables``: Asterisk's header. ``gone``: set when the caller hung up or the connection ended.
    ``hung_up``: the caller hung up; variables can still be read and set. ``closed``: the connection has
    ended, for ``reason``; ``faulty``: by the peer's fault.
    """

    __slots__ = (
        "_codec",
        "_deadline",
        "_loop",
        "_observer",
        "_settled",
        "_timer",
        "_transport",
        "_turn",
        "_waiter",
        "_watchers",
        "closed",
        "faulty",
        "gone",
        "hung_up",
        "peer",
        "reason",
        "variables",
    )

    def __init__(self, observer: Observer) -> None:
        self._loop = asyncio.get_running_loop()
        self._observer = observer
        self._codec = Codec()
        self._turn = Turn()
        self._waiter: asyncio.Future[Reply] | None = None
        self._settled: asyncio.Future[None] | None = None
        self._deadline = FOREVER
        self._timer: asyncio.TimerHandle | None = None
        self._watchers: list[Callable[[], None]] = []
        self._transport: asyncio.Transport | None = None
        self.variables: Mapping[str, str] = _NONE
        self.peer = ""
        self.reason = ""
        self.faulty = False
        self.gone = asyncio.Event()
        self.hung_up = False
        self.closed = False

    @property
    def lost(self) -> bool:
        """The connection ended without a hang-up: Asterisk stopped, or the engine is stopping."""
        return self.closed and not self.hung_up

    def on_gone(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` when ``gone`` is set: for those who wait for more than that."""
        self._watchers.append(callback)

    def check(self) -> None:
        """Raise CallerGone if the caller is gone."""
        if self.hung_up or self.closed:
            raise CallerGone(lost=not self.hung_up)

    async def command(self, name: str, *arguments: str | int, limit: float | None = COMMAND_LIMIT) -> Reply:
        """Send a command, return its reply; commands wait for one another.

        A hang-up does not cut a command short: Asterisk still replies, and the reply may matter. Raises CallerGone
        when the connection has ended, or ended because the reply took longer than ``limit`` seconds; BadCommand.
        """
        line = encode(name, *arguments)
        turn = self._turn
        if turn.taken:
            await turn.free()
        turn.taken = True
        try:
            if self._codec.state is not State.IDLE:
                await self._settle(limit)
            if self.closed or self._transport is None:
                raise CallerGone(lost=not self.hung_up)
            self._codec.sent()
            self._transport.write(line)
            self._waiter = self._loop.create_future()
            self._watch(limit)
            return await self._waiter
        finally:
            self._deadline = FOREVER
            turn.give_back()

    async def _settle(self, limit: float | None) -> None:
        """Wait for the reply to a command whose sender was cancelled: the next reply would be taken for another's."""
        if not self.closed:
            self._settled = self._loop.create_future()
            self._watch(limit)
            await self._settled

    def _watch(self, limit: float | None) -> None:
        """One timer serves a call's many short commands; one for each would cost more than the rest of the command."""
        if limit is None:
            return
        self._deadline = self._loop.time() + limit
        if self._timer is not None and self._timer.when() <= self._deadline:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._deadline, self._look_at_the_clock)

    def _look_at_the_clock(self) -> None:
        self._timer = None
        if self._deadline <= self._loop.time():
            self._overdue()
        elif self._deadline != FOREVER:
            self._timer = self._loop.call_at(self._deadline, self._look_at_the_clock)

    def _overdue(self) -> None:
        self.faulty = True
        self.close("a command was not answered in time")

    def close(self, reason: str = "") -> None:
        """End the connection at once; whoever waits gets CallerGone. Asterisk goes on in its dialplan."""
        self.reason = self.reason or reason
        if self._transport is not None:
            self._transport.abort()
        self._end()

    def finish(self) -> None:
        """End the connection when all that was written has gone out."""
        if self._transport is not None:
            self._transport.close()

    # What follows is called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass of it
        address = transport.get_extra_info("peername")
        self.peer = str(address[0]) if address else ""
        self._observer.opened(self)

    def data_received(self, data: bytes) -> None:
        """Part of asyncio.Protocol."""
        for event in self._codec.feed(data):
            if isinstance(event, Reply):
                self._reply(event)
            elif isinstance(event, HangUp):
                self.hung_up = True
                self._leave()
            elif isinstance(event, Header):
                self.variables = event.variables
                self._observer.ready(self)
            elif isinstance(event, Refused):
                self.faulty = True
                self.close(event.reason)

    def eof_received(self) -> bool:
        """Part of asyncio.Protocol: an end is an end, nothing is half open."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Part of asyncio.Protocol."""
        if Closed() in self._codec.eof():
            self.reason = self.reason or "the peer closed the connection"
        self._end()

    def _reply(self, reply: Reply) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(reply)
        if self._settled is not None and not self._settled.done():
            self._settled.set_result(None)

    def _leave(self) -> None:
        if not self.gone.is_set():
            self.gone.set()
            for callback in self._watchers:
                callback()

    def _end(self) -> None:
        if self.closed:
            return
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._leave()
        for waiting in (self._waiter, self._settled):
            if waiting is not None and not waiting.done():
                waiting.set_exception(CallerGone(lost=not self.hung_up))
        self._waiter = self._settled = None
        self._observer.ended(self)
