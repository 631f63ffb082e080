"""A telephone line without a telephone: the channel of example calls and of calls in the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from ivr.call import Call
from ivr.channel import KEYS, Keyed, Line, Moments, QueueRequest, QueueResult, RingOutcome, Rung
from ivr.digits import key_by_key
from ivr.flowtest.caller import Caller
from ivr.flowtest.clock import VirtualLoop
from ivr.flowtest.example import Staff
from ivr.flowtest.said import Said
from ivr.speech import Speech

REACTION = 1.0
"""Seconds from the end of a prompt to the caller's key, and to an operator's refusal."""

_PHONES = {"rings": RingOutcome.NO_ANSWER, "declines": RingOutcome.DECLINED, "unreachable": RingOutcome.UNREACHABLE}

Enqueue = Callable[[Call, Line, QueueRequest], Awaitable[QueueResult]]

TALK_OUTSIDE = 30.0
"""Seconds of a conversation with somebody outside of the hotline."""


class VirtualLine:
    """Both an ivr.channel.Channel and the Line of its waiting. Time passes on ``clock``."""

    def __init__(
        self, caller: Caller, staff: dict[str, Staff], enqueue: Enqueue, clock: VirtualLoop, *, disk_full: bool = False
    ) -> None:
        self._caller = caller
        self._staff = staff
        self._enqueue = enqueue
        self._clock = clock
        self._disk_full = disk_full
        self._typed = ""  # and asked for by no question yet

    async def answer(self) -> None:
        """Nothing to pick up."""

    async def play(self, speech: Speech, *, keys: str = KEYS) -> str | None:
        """Said to its end, unless the caller presses one of ``keys`` before."""
        if not keys:
            self._typed = ""
        await self._say(speech, keys)
        return self._first(keys) if keys and self._typed else None

    async def _say(self, speech: Speech, keys: str) -> None:
        self._caller.turn()
        for piece in speech:
            assert isinstance(piece, Said)
            if self._typed and any(key in keys for key in self._typed):
                return
            seconds, cut = piece.seconds, False
            if over := self._caller.types_over(piece):
                self._typed += over
                cut = any(key in keys for key in over)
                seconds = seconds / 2 if cut else seconds
            if not self._clock.passed(seconds):
                await asyncio.sleep(seconds)
            if not cut:
                self._caller.hears(piece)

    def _first(self, keys: str) -> str | None:
        """The first that is asked for; those before it are dropped, and all others where not every key is asked for."""
        typed = self._typed.lstrip("".join(set(KEYS) - set(keys)))
        self._typed = typed[1:] if keys == KEYS else ""
        return typed[:1] or None

    async def ask(self, speech: Speech, *, most: int, first: float, between: float) -> Keyed:
        """As Channel.ask, key by key."""
        await self._say(speech, KEYS)
        return await key_by_key(self._press, most=most, first=first, between=between)

    async def _press(self, timeout: float) -> str | None:
        if self._typed:
            return self._first(KEYS)
        key = self._caller.presses(timeout)
        seconds = min(REACTION, timeout) if key else timeout
        if not self._clock.passed(seconds):
            await asyncio.sleep(seconds)
        return key

    async def record(self, path: Path, *, max_seconds: float, silence: float, end_keys: str) -> float:
        """Nothing is stored; raises OSError when the disk is said to be full."""
        self._typed = ""
        self._caller.turn()
        if self._disk_full:
            raise OSError(28, "No space left on device")
        spoken = self._caller.speaks(max_seconds)
        await self._clock.passes(min(max_seconds, spoken + silence))
        return spoken

    async def enqueue(self, call: Call, request: QueueRequest) -> QueueResult:
        """The real waiting, on this line."""
        try:
            return await self._enqueue(call, self, request)
        finally:
            self._typed = ""

    async def transfer(self, number: str, seconds: float) -> Rung:
        """Somebody outside answers, talks for half a minute and hangs up."""
        self._typed = ""
        await self._clock.passes(TALK_OUTSIDE)
        return Rung(RingOutcome.ANSWERED, TALK_OUTSIDE)

    async def hangup(self) -> None:
        """Nothing to hang up."""

    async def music(self, on: bool) -> None:
        """Nothing is heard that an example could tell apart."""
        self._typed = ""
        self._caller.turn()

    def waiting_key(self) -> Awaitable[str]:
        """As Line.waiting_key."""
        return self._caller.waits()

    async def ring(
        self, operator: str, seconds: float, *, shown: str, record_to: Path | None, moments: Moments
    ) -> Rung:
        """The operator's phone does what the example says of it."""
        staff = self._staff[operator]
        moments.dialled()
        self._caller.rings(operator)
        self._caller.turn()
        if staff.phone != "answers" or staff.picks_up > seconds:
            outcome = _PHONES.get(staff.phone, RingOutcome.NO_ANSWER)
            await self._clock.passes(seconds if outcome is RingOutcome.NO_ANSWER else REACTION)
            return Rung(outcome)
        await self._clock.passes(staff.picks_up)
        moments.answered()
        gone = self._caller.talks(operator)
        await self._clock.passes(staff.talks)
        moments.over()
        return Rung(RingOutcome.ANSWERED, talk_seconds=staff.talks, caller_gone=gone)
