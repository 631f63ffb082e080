"""A telephone caller: ivr.channel's Channel and Line on Asterisk.

Keys are AGI's own: a question is one command, which takes all of its keys (asking). A key that is released between
two commands (0.2 to 0.4 ms measured, longer when the engine is held up) is lost to AGI: one typed ahead of the next
question. AMI reports it, but a millisecond later, when the next command is out and may report it too. A key counted
twice opens the wrong door; a lost one is pressed again: so that gap is left open.
AMI's keys are taken only while AGI can report none (hinted_keys).
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
from ivr.asterisk.hinted_keys import HintedKeys
from ivr.asterisk.recorded import written
from ivr.asterisk.talk import Talk
from ivr.asterisk.variables import DONE, PEOPLE
from ivr.channel import KEYS, CallerGone, Keyed, Line, Moments, QueueRequest, QueueResult, RingOutcome, Rung
from ivr.digits import END, key_by_key
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
        self._keys = HintedKeys(session, ami, self.uniqueid)
        self._asking = Asking(self._talk, lambda speech: self._say_all(speech, KEYS), _mute)

    async def answer(self) -> None:
        """As Channel.answer."""
        await self._talk.do("ANSWER")

    async def play(self, speech: Speech, *, keys: str = KEYS) -> str | None:
        """As Channel.play. What cannot be played is logged, and the rest is said."""
        if not keys:
            async with self._keys.unasked():
                return await self._say_all(speech, keys)
        return self._keys.ahead(keys) or await self._say_all(speech, keys)

    async def _say_all(self, speech: Speech, keys: str) -> str | None:
        for utterance in speech:
            if key := await self._say(utterance, keys):
                return key
        return None

    async def _say(self, utterance: Utterance, keys: str) -> str | None:
        if not _audible(utterance):
            return None
        reply = await self._talk.do("STREAM FILE", utterance.audio or "", keys, limit=LONGEST_UTTERANCE)
        if reply.result == "-1":
            _mute(utterance)
        return self._pressed(reply.result)

    async def ask(self, speech: Speech, *, most: int, first: float, between: float) -> Keyed:
        """As Channel.ask."""
        ahead = await key_by_key(self._ahead, most=most, first=first, between=between)
        if ahead.ended or len(ahead.keys) == most:
            return ahead
        if ahead.keys:
            speech, first = (), between
        speech = tuple(each for each in speech if _audible(each))
        room = most - len(ahead.keys)
        keyed = await self._asking.ask(speech, most=room, first=first, between=between)
        self._keys.heard(keyed.keys + END * keyed.ended)
        return Keyed(ahead.keys + keyed.keys, keyed.ended)

    async def _ahead(self, _: float) -> str | None:
        return self._keys.ahead(KEYS)

    def _pressed(self, result: str) -> str | None:
        """The key of an AGI result, the code of its letter; None for no key and for A to D."""
        key = chr(int(result)) if result.isdecimal() and 0 < int(result) < 128 else ""
        if not key or key not in KEYS:
            return None
        self._keys.heard(key)
        return key

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
            self._keys.start()

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
