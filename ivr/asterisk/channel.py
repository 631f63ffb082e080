"""A telephone caller: ivr.channel's Channel and Line on Asterisk.

A question is one command, which takes all of its keys (asking). What was pressed, and when AGI was looking elsewhere,
is told by Asterisk itself, each key once (typed_keys): one typed ahead of the next question counts, however long the
engine was held up.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.asterisk import dialling
from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.ami import Ami
from ivr.asterisk.asking import Asking
from ivr.asterisk.departures import moment
from ivr.asterisk.recorded import written
from ivr.asterisk.talk import Talk
from ivr.asterisk.typed_keys import TypedKeys
from ivr.asterisk.variables import DONE, PEOPLE
from ivr.channel import KEYS, CallerGone, Keyed, Line, Moments, QueueRequest, QueueResult, RingOutcome, Rung
from ivr.speech import Speech, Utterance

if TYPE_CHECKING:
    from ivr.call import Call

log = logging.getLogger(__name__)

Enqueue = Callable[["Call", Line, QueueRequest], Awaitable[QueueResult]]
"""Waits in a queue on a line: ivr.queueing's."""

LONGEST_UTTERANCE = 300.0
"""Seconds; longer than any prompt."""
SLACK = 10.0
"""Seconds that Asterisk may be late with the end of a wait that it was asked for."""
MOST_ECHOES = 3
"""How often an utterance is begun again that a key stopped which had counted already."""
SHORTEST_SILENCE = 1
"""Seconds of silence that end a recording, at least: Asterisk counts whole ones."""


class AsteriskChannel:
    """One caller. ``uniqueid`` is Asterisk's, ``called`` and ``caller`` hold digits and ``+`` only.

    ``joined``: when an operator last picked up the call (s since 1970), None when none did.
    ``key_to_prompt`` gets each time (s) from the answer to a question to the next words.
    """

    def __init__(
        self,
        session: AgiSession,
        ami: Ami,
        enqueue: Enqueue,
        *,
        key_to_prompt: Callable[[float], None],
        carrier: str = "",
    ) -> None:
        """``carrier``: who takes calls to numbers outside, host or host:port; "" for nobody."""
        self._carrier = carrier
        self._session = session
        self._ami = ami
        self._enqueue = enqueue
        self._talk = Talk(session, key_to_prompt)
        self.uniqueid = session.variables.get("agi_uniqueid", "")
        self.called = number(session.variables.get("agi_arg_1", ""))
        self.caller = number(session.variables.get("agi_callerid", ""))
        self.joined = moment(session.variables.get("agi_arg_2", ""))
        self._keys = TypedKeys(self._talk, ami, self.uniqueid)
        self._asking = Asking(self._talk, self._keys, lambda speech: self._say_all(speech, KEYS), _mute)

    async def answer(self) -> None:
        """As Channel.answer."""
        await self._talk.do("ANSWER")

    async def play(self, speech: Speech, *, keys: str = KEYS) -> str | None:
        """As Channel.play. What cannot be played is logged, and the rest is said."""
        if not keys:
            await self._insist(speech)
            return None
        await self._keys.freshen()
        if not self._keys.any(keys):
            await self._say_all(speech, keys)
        if keys != KEYS:
            self._keys.spoil()
        return self._keys.first(keys)

    async def _insist(self, speech: Speech) -> None:
        """What was typed before these words is forgotten; what is typed meanwhile is kept for what comes next."""
        await self._keys.forget()
        await self._say_all(speech, "")
        await self._keys.look()

    async def _say_all(self, speech: Speech, keys: str) -> bool:
        """Whether one of ``keys`` stopped it."""
        for utterance in speech:
            if await self._say(utterance, keys):
                return True
        return False

    async def _say(self, utterance: Utterance, keys: str) -> bool:
        if not _audible(utterance):
            return False
        for _ in range(MOST_ECHOES):
            reply = await self._talk.do("STREAM FILE", utterance.audio or "", keys, limit=LONGEST_UTTERANCE)
            if reply.result in ("0", "-1"):
                break
            await self._keys.look()
            if self._keys.any(keys):
                return True
        if reply.result == "-1":
            _mute(utterance)
        return False

    async def ask(self, speech: Speech, *, most: int, first: float, between: float) -> Keyed:
        """As Channel.ask."""
        await self._keys.freshen()
        if None in [each.audio for each in speech]:
            speech = tuple(each for each in speech if _audible(each))
        return await self._asking.ask(speech, most=most, first=first, between=between)

    async def record(self, path: Path, *, max_seconds: float, silence: float, end_keys: str) -> float:
        """As Channel.record. A caller who hangs up has finished: the seconds are told, what comes next raises."""
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        self._session.check()
        self._keys.stop()
        target = (str(path.with_suffix("")), "wav", end_keys, math.ceil(max_seconds * 1000))
        limits = (f"s={max(SHORTEST_SILENCE, math.ceil(silence))}",)
        reply = await self._session.command("RECORD FILE", *target, "BEEP", *limits, limit=max_seconds + SLACK)
        if reply.result == "-1" and reply.data == "randomerror":
            await self._talk.do("CHANNEL STATUS")
            log.error("Asterisk cannot play its sound `beep`: a message is recorded without it")
            reply = await self._session.command("RECORD FILE", *target, *limits, limit=max_seconds + SLACK)
        if reply.data == "writefile":
            raise OSError("Asterisk could not write the recording; its own log says why")
        recorded = await written(path)
        if recorded == 0.0:
            self._session.check()
        return recorded

    async def enqueue(self, call: Call, request: QueueRequest) -> QueueResult:
        """As Channel.enqueue."""
        try:
            return await self._enqueue(call, self, request)
        finally:
            self._keys.stop()

    async def transfer(self, number: str, seconds: float) -> Rung:
        """As Channel.transfer. Music has ended afterwards."""
        if not self._carrier:
            log.error("a call cannot be transferred: IVR_CARRIER says no carrier")
            return Rung(RingOutcome.UNREACHABLE)
        self._keys.stop()
        return await dialling.transfer(self._talk, self._ami, self._carrier, number, seconds)

    async def hangup(self) -> None:
        """As Channel.hangup; a caller who is gone already has no objection."""
        with suppress(CallerGone):
            await self._talk.do_even_dead("HANGUP")

    async def finish(self) -> None:
        """The engine's last act on a call that is over: the dialplan must not hand it over again."""
        with suppress(CallerGone):
            await self._talk.do_even_dead("SET VARIABLE", DONE, 1)

    async def let_go(self) -> None:
        """The engine's last act on a call that it leaves to Asterisk: the dialplan goes on without an engine."""
        with suppress(CallerGone):
            await self._talk.do_even_dead("SET VARIABLE", PEOPLE, 1)

    async def music(self, on: bool) -> None:
        """As Line.music."""
        self._keys.stop()
        await self._talk.do("SET MUSIC", "ON" if on else "OFF")
        if on:
            await self._keys.start()

    async def waiting_key(self) -> str:
        """As Line.waiting_key."""
        return await self._keys.next()

    async def ring(
        self, operator: str, seconds: float, *, shown: str, record_to: Path | None, moments: Moments
    ) -> Rung:
        """As Line.ring. Music has ended afterwards."""
        self._keys.stop()
        return await dialling.ring(
            self._talk, self._ami, operator, seconds, shown=shown, record_to=record_to, moments=moments
        )


def number(text: str) -> str:
    """Digits and ``+`` of what Asterisk says: the dialplan has filtered it; this is for a dialplan that has not."""
    return "".join(letter for letter in text if letter.isascii() and (letter.isdigit() or letter == "+"))[:32]


def _audible(utterance: Utterance) -> bool:
    if utterance.audio is None:
        _mute(utterance)
    return utterance.audio is not None


def _mute(utterance: Utterance) -> None:
    what = "a private utterance" if utterance.private else utterance.audio or utterance.text
    log.error("a caller hears nothing in place of %s: no sound, or none that Asterisk can play", what)
