"""The moment at which an operator picks up, which AGI tells only when the conversation is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.ami import Ami
from ivr.asterisk.ami_actions import variable
from ivr.asterisk.ami_link import Fields
from ivr.asterisk.ami_protocol import AmiUnavailable, BadAction
from ivr.asterisk.recorded import seconds_of

TRIES = 10
BETWEEN = 0.05
"""Asterisk tells of the answer a moment before it sets the variable that confirms it (seconds)."""
BLIND = 1.0
"""Seconds between looks at the recording, only while there is no connection to AMI."""


class Answering:
    """Watches one Dial. The AMI event is a hint; the channel's own DIALSTATUS confirms it.

    While AMI is away the recording, which grows only when the two talk, is looked at instead; without a recording
    the answer is known at the end of the conversation.
    """

    def __init__(self, session: AgiSession, ami: Ami, recording: Path | None, answered: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._uniqueid = session.variables.get("agi_uniqueid", "")
        self._channel = session.variables.get("agi_channel", "")
        self._ami = ami
        self._recording = recording
        self._answered = answered
        self._hint = asyncio.Event()
        self._hinted_at = 0.0
        self._began = self._loop.time()
        self._over = 0.0
        self._picked_up: float | None = None

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """The time of the Dial."""
        watch = asyncio.create_task(self._watch(), name="answering")
        try:
            with (
                self._ami.subscribe("DialEnd", self._dial_ended, uniqueid=self._uniqueid),
                self._ami.subscribe("FullyBooted", lambda _: self._hinted()),
            ):
                yield
        finally:
            self._over = self._loop.time()
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    def certain(self) -> None:
        """The Dial is over, and there was a conversation: whoever was not told of the answer is told now."""
        if self._picked_up is None:
            self._answered()

    def talked(self, recorded: float) -> float:
        """Seconds of conversation, known to have happened; ``recorded``: seconds of sound in its recording.

        When nobody saw the answer, the recording tells; without one, ringing counts as talking.
        """
        if self._picked_up is not None:
            return max(self._over - self._picked_up, recorded)
        return recorded or self._over - self._began

    def _dial_ended(self, event: Fields) -> None:
        if event.get("DialStatus") == "ANSWER":
            self._hinted()

    def _hinted(self) -> None:
        """AMI hints at an answer, or is back and may have missed one."""
        if not self._hint.is_set():
            self._hinted_at = self._loop.time()
            self._hint.set()

    async def _watch(self) -> None:
        while not await self._look():
            pass
        self._picked_up = self._hinted_at
        self._answered()

    async def _look(self) -> bool:
        """Wait for a hint, or while AMI is away for a moment; whether the operator has picked up."""
        try:
            async with asyncio.timeout(None if self._ami.connected.is_set() else BLIND):
                await self._hint.wait()
        except TimeoutError:
            self._hinted_at = self._loop.time()
            return self._recording is not None and seconds_of(self._recording) > 0
        confirmed = await self._confirmed()
        if not confirmed:
            self._hint.clear()
        return confirmed

    async def _confirmed(self) -> bool:
        for _ in range(TRIES):
            try:
                if await variable(self._ami, self._channel, "DIALSTATUS") == "ANSWER":
                    return True
            except (AmiUnavailable, BadAction):
                pass
            await asyncio.sleep(BETWEEN)
        return False
