"""Asks Asterisk what became of calls that no engine saw to their end, and of those that none saw at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path

import structlog

from ivr.asterisk.ami import Ami
from ivr.asterisk.ami_actions import channels, variable
from ivr.asterisk.ami_link import Fields
from ivr.asterisk.ami_protocol import AmiUnavailable
from ivr.asterisk.departures import Departure, drained, moment
from ivr.asterisk.rung_alone import Conversations, RungAlone
from ivr.asterisk.variables import JOINED
from ivr.calllog.state import CallState
from ivr.recovery import Departed, Unfinished
from ivr.tickets.faults import DatabaseError

_log = structlog.get_logger(__name__)

SETTLE = 1.0
"""Seconds between a hang-up and the look at what it left: the dialplan writes its line meanwhile."""

LOOK = 60.0
"""Seconds between looks when nothing calls for one: so exact is the end of a call that died with Asterisk."""

RETRY = 5.0
"""Seconds until a look that failed is repeated; without a connection to Asterisk, the next one is awaited."""


class Aftermath:
    """``run`` looks at each new connection to Asterisk, at what happens to held calls, and now and then.

    ``in_progress``: calls that a session serves now. ``known``: whether a call has its ticket. ``unseen`` makes one.
    ``message``: the file, if any, of the message that the caller of this id left while no engine was there.
    """

    def __init__(
        self,
        ami: Ami,
        departures: Path,
        unfinished: Unfinished,
        conversations: Conversations,
        *,
        in_progress: Callable[[], Collection[str]],
        known: Callable[[str], Awaitable[bool]],
        unseen: Callable[[Departure], None],
        message: Callable[[str], str],
    ) -> None:
        self._ami, self._departures = ami, departures
        self._unfinished, self._conversations = unfinished, conversations
        self._in_progress, self._known, self._unseen, self._message = in_progress, known, unseen, message
        self._restored: set[str] = set()
        self._alone = RungAlone(conversations)
        self._wake = asyncio.Event()
        ami.on_connect(self._wake.set)
        unfinished.on_adopted = self._wake.set

    async def first_look(self, limit: float) -> None:
        """Before any call is served: whoever is at a call already is known to be. Takes ``limit`` seconds at most."""
        with suppress(AmiUnavailable, TimeoutError):
            async with asyncio.timeout(limit):
                await self._ami.connected.wait()
                await self._keep_busy()

    async def run(self) -> None:
        """Look whenever there is a reason to, until cancelled."""
        subscribe = partial(self._ami.subscribe, callback=self._hinted, concerning=self._concerns)
        with subscribe("Hangup"), subscribe("DialEnd"):
            while True:
                try:
                    async with asyncio.timeout(LOOK):
                        await self._wake.wait()
                except TimeoutError:
                    pass
                self._wake.clear()
                await asyncio.sleep(SETTLE)
                await self._look()

    def ended(self, call: CallState) -> None:
        """A held call is over or was taken up again: its operator is free of it."""
        if call.call_id in self._restored:
            self._restored.discard(call.call_id)
            self._conversations.talk_ended(call.call_id)

    def _concerns(self, uniqueid: str) -> bool:
        return uniqueid in self._unfinished or uniqueid in self._alone

    def _hinted(self, _: Fields) -> None:
        """A hint: what is true is looked up."""
        self._wake.set()

    async def _look(self) -> None:
        held = self._unfinished.all()  # before Asterisk is asked: of a call that comes to it later, this tells nothing
        try:
            live = await self._keep_busy()
            with drained(self._departures) as departures:
                for departure in departures:
                    await self._contained(departure)
        except (AmiUnavailable, DatabaseError, OSError) as error:
            self._later(error)
            return
        for call in held:
            if call.call_id in self._unfinished:
                self._settle(call, live)

    async def _keep_busy(self) -> Collection[str]:
        """Whoever talks is offered nothing. The unique ids of all live channels. Raises AmiUnavailable."""
        served = set(self._in_progress())
        held = self._unfinished.all()
        living = await channels(self._ami)
        live = {channel.uniqueid: channel.name for channel in living}
        for call in held:
            await self._join(call, live.get(call.call_id))
            if call.talking and call.call_id in live and call.call_id in self._unfinished:
                self._restore(call)
        self._alone.look(living, {*served, *self._in_progress(), *self._restored})
        return live

    def _restore(self, call: CallState) -> None:
        if call.call_id not in self._restored and self._conversations.restore_talking(
            call.operator, call.call_id, call.queue
        ):
            self._restored.add(call.call_id)

    async def _join(self, call: CallState, channel: str | None) -> None:
        """The phone that rang as the engine was lost may have been answered since."""
        if channel and call.waiting and call.offered_to:
            self._unfinished.joined(call.call_id, moment(await variable(self._ami, channel, JOINED)))

    def _later(self, why: Exception) -> None:
        if self._ami.connected.is_set():
            _log.info("what became of calls cannot be told yet", why=str(why))
            asyncio.get_running_loop().call_later(RETRY, self._wake.set)

    async def _contained(self, departure: Departure) -> None:
        """A departure that nothing can be made of must not keep the others, and every next start, from theirs."""
        try:
            await self._departed(departure)
        except (AmiUnavailable, DatabaseError, OSError):
            raise
        except Exception:
            _log.exception("nothing can be made of what Asterisk told of a call", call=departure.call_id)

    async def _departed(self, departure: Departure) -> None:
        call = self._unfinished.close(departure.call_id, self._told(departure))
        if call is not None:
            self.ended(call)
        elif departure.call_id not in self._in_progress() and not await self._known(departure.call_id):
            self._unseen(departure)

    def _told(self, departure: Departure) -> Departed:
        if not departure.static:
            return Departed(departure.ended, departure.talk_seconds)
        message = self._message(departure.call_id)
        return Departed(departure.ended, departure.talk_seconds, alone=departure.operator, message=message)

    def _settle(self, call: CallState, live: Collection[str]) -> None:
        if call.call_id in live:
            self._unfinished.alive(call.call_id)
        else:
            self._unfinished.close(call.call_id)
            self.ended(call)
