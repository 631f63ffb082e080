"""Asterisk's manager interface, kept connected: actions with a time limit, events as hints."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

from ivr.asterisk.ami_link import Answer, Fields, Link
from ivr.asterisk.ami_protocol import AmiUnavailable

log = logging.getLogger(__name__)

Callback = Callable[[Fields], None]


def _any(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. ``ping``: between pings; ``pong``: until an unanswered one ends the connection.

    Reconnecting waits ``first`` seconds, then twice as long each time up to ``longest``, each shortened by up to a
    half by chance, so that several engines do not come at once.
    """

    login: float = 5.0
    boot: float = 30.0
    ping: float = 10.0
    pong: float = 5.0
    first: float = 0.25
    longest: float = 10.0


class Ami:
    """The manager interface. ``connected`` is set while actions can be sent and Asterisk has started fully."""

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        secret: str,
        *,
        timing: Timing | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """``chance``: a number from 0 to 1."""
        self._where = (host, port, user, secret)
        self._timing = timing or Timing()
        self._chance = chance
        self._link: Link | None = None
        self._callbacks: dict[str, dict[str, list[tuple[Callback, Callable[[str], bool]]]]] = {}
        self._connects: list[Callable[[], None]] = []
        self._told = ""
        self.connected = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Ami]:
        """Keep the connection for as long as this lasts. Does not wait for the first one."""
        task = asyncio.create_task(self._keep_connected(), name="ami")
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def on_connect(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` at each new connection to a fully started Asterisk: all that was known may have changed."""
        self._connects.append(callback)

    @contextmanager
    def subscribe(
        self, event: str, callback: Callback, *, uniqueid: str = "", concerning: Callable[[str], bool] = _any
    ) -> Iterator[None]:
        """Call ``callback`` with each event of this name, of one channel if ``uniqueid`` is given.

        ``concerning`` says of an event's channel, before the event is parsed, whether it is worth that. An event is a
        hint: a caller can forge it. Confirm it by an action before a call's or an operator's state changes.
        """
        callbacks = self._callbacks.setdefault(event, {}).setdefault(uniqueid, [])
        subscribed = (callback, concerning)
        callbacks.append(subscribed)
        try:
            yield
        finally:
            callbacks.remove(subscribed)
            if not callbacks:
                del self._callbacks[event][uniqueid]

    async def action(self, name: str, /, *, limit: float = 5.0, **fields: str | Sequence[str]) -> Answer:
        """Send one action; its answer, successful or not. It is sent once and never again.

        Raises AmiUnavailable when there is no connection or no answer within ``limit`` seconds; BadAction when a
        value holds control characters.
        """
        if self._link is None:
            raise AmiUnavailable("no connection to Asterisk's manager interface")
        return await self._link.ask(name, fields, limit)

    def _wanted(self, name: str, raw: bytes) -> bool:
        by_channel = self._callbacks.get(name)
        if not by_channel:
            return False
        uniqueid = raw.partition(b"\r\nUniqueid: ")[2].partition(b"\r\n")[0].decode("utf-8", "replace")
        return uniqueid in by_channel or any(concerning(uniqueid) for _, concerning in by_channel.get("", ()))

    def _deliver(self, name: str, fields: Fields) -> None:
        by_channel = self._callbacks.get(name, {})
        uniqueid = fields.get("Uniqueid", "")
        keys = ("", uniqueid) if uniqueid else ("",)
        for callback, concerning in [each for key in keys for each in by_channel.get(key, ())]:
            if concerning(uniqueid):
                contained(callback, fields)

    async def _keep_connected(self) -> None:
        failures = 0
        while True:
            link = Link(*self._where, wanted=self._wanted, deliver=self._deliver)
            try:
                await link.open(self._timing.login, self._timing.boot)
                failures = 0
                await self._hold(link)
                self._tell("Asterisk's manager interface: the connection was lost")
            except Exception as error:  # whatever it was, the next attempt may succeed
                self._tell(f"Asterisk's manager interface: {error}")
            finally:
                link.close()
            await asyncio.sleep(self._delay(failures))
            failures += 1

    async def _hold(self, link: Link) -> None:
        """The time from a login to the connection's end."""
        self._link = link
        self.connected.set()
        self._tell("")
        log.info("connected to Asterisk's manager interface")
        try:
            for callback in list(self._connects):
                contained(callback)
            while not link.lost.done():
                await asyncio.wait([link.lost], timeout=self._timing.ping)
                if not link.lost.done():
                    await link.ask("Ping", {}, self._timing.pong)
        finally:
            self._link = None
            self.connected.clear()

    def _delay(self, failures: int) -> float:
        longest = min(self._timing.longest, self._timing.first * 2 ** min(failures, 30))
        return float(longest * (1 - self._chance() / 2))

    def _tell(self, trouble: str) -> None:
        """Log each trouble once, not at every attempt."""
        if trouble and trouble != self._told:
            log.warning("%s; trying again", trouble)
        self._told = trouble


def contained(callback: Callable[..., None], *arguments: Fields) -> None:
    """Call back; a failure is logged and harms nobody else."""
    try:
        callback(*arguments)
    except Exception:
        log.exception("a callback of Asterisk's manager interface failed")
