"""One connection to Asterisk's manager interface: panoramisk's Manager, which here neither reconnects nor replays."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panoramisk.manager import Manager
from panoramisk.message import Message

from ivr.asterisk.ami_protocol import AmiUnavailable, MendedProtocol

log = logging.getLogger(__name__)

Fields = Mapping[str, str]
"""One event or reply. A message in which a field comes twice is forged and never becomes one."""

EVENTS = "system,call,dtmf"
"""Classes of events that are asked for; RTCP and variables would be hundreds more for each call."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an action. ``events``: the list that it asked for."""

    success: bool
    fields: Fields
    events: tuple[Fields, ...] = ()


class Link(Manager):  # type: ignore[misc]  # panoramisk is untyped
    """A connection from its login to its end. ``lost`` is done when it has ended; a new Link is a new connection."""

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        secret: str,
        *,
        wanted: Callable[[str, bytes], bool],
        deliver: Callable[[str, Fields], None],
    ) -> None:
        """``deliver`` gets each event's name and fields, if ``wanted`` said so of its name and bytes."""
        loop = asyncio.get_running_loop()
        super().__init__(host=host, port=port, username=user, secret=secret, events=EVENTS, loop=loop, log=log)
        self._make_protocol = lambda: MendedProtocol(lambda name, raw: name == "FullyBooted" or wanted(name, raw))
        self._deliver = deliver
        self.lost: asyncio.Future[None] = loop.create_future()
        self.booted: asyncio.Future[None] = loop.create_future()

    async def open(self, login: float, boot: float) -> None:
        """Connect and log in within ``login`` seconds; then give Asterisk ``boot`` seconds to have started fully.

        Raises OSError, or AmiUnavailable when the login is refused or too slow.
        """
        try:
            async with asyncio.timeout(login):
                made = await self.loop.create_connection(self._make_protocol, self.config["host"], self.config["port"])
                done: asyncio.Future[Any] = self.loop.create_future()
                done.set_result(made)
                self.connection_made(done)
                reply = await self.authenticated_future
        except TimeoutError:
            raise AmiUnavailable(f"no answer to the login within {login:g} s") from None
        if not reply.success:
            raise AmiUnavailable("the login was refused: its secret is not the one in Asterisk's manager.conf")
        await self._fully_booted(boot)

    async def _fully_booted(self, limit: float) -> None:
        await asyncio.wait([self.booted, self.lost], timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        if self.lost.done():
            raise AmiUnavailable("the connection was lost while Asterisk started")
        if not self.booted.done():
            log.warning("Asterisk has not said within %g s that it has started fully; going on", limit)

    async def ask(self, name: str, fields: Mapping[str, str | Sequence[str]], limit: float) -> Answer:
        """The answer to one action. Raises AmiUnavailable after ``limit`` seconds, BadAction."""
        action_id = secrets.token_hex(12)
        future = self.send_action({**fields, "Action": name, "ActionID": action_id})
        try:
            async with asyncio.timeout(limit):
                return answer(await future)
        except TimeoutError:
            raise AmiUnavailable(f"no answer to {name} within {limit:g} s") from None
        finally:
            self.protocol.forget(action_id)

    # What follows replaces panoramisk's own.

    def login(self, future: asyncio.Future[Any]) -> bool:
        """Replaces Manager.login, which raises into the event loop and schedules pings without a deadline."""
        self.authenticated = not future.cancelled() and future.exception() is None and bool(future.result().success)
        return bool(self.authenticated)

    def ping(self) -> None:
        """Replaces Manager.ping, which takes no notice of a missing pong; Ami pings by ``ask``."""

    def dispatch(self, event: Message) -> list[str]:
        """Replaces Manager.dispatch, out of which a callback's exception escapes into the transport."""
        if event.event == "FullyBooted" and not self.booted.done():
            self.booted.set_result(None)
        fields = single(event)
        if fields is not None:
            self._deliver(event.event, fields)
        return []

    def connection_lost(self, exc: Exception | None) -> None:
        """Replaces Manager.connection_lost, which reconnects after a fixed time, once, and only on OSError."""
        if self.pinger is not None:
            self.pinger.cancel()
        if not self.lost.done():
            self.lost.set_result(None)


def answer(result: Message | list[Message]) -> Answer:
    """panoramisk's result in our words: the first message is the reply, the last one the end of its list."""
    if not isinstance(result, list):
        return Answer(result.success, single(result) or {})
    events = [fields for message in result[1:-1] if (fields := single(message)) is not None]
    return Answer(result[0].success, single(result[0]) or {}, tuple(events))


def single(message: Message) -> Fields | None:
    """The message's fields; None if one comes twice."""
    fields = dict(message.items())
    return None if any(isinstance(value, list) for value in fields.values()) else fields
