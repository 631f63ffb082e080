"""A caller in a test: a phone, an ear that knows the prompts, and the ticket that the call becomes."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ivr.speech import Prompts, Speech, Value
from tests.e2e import hearing
from tests.e2e.hearing import RATE, Match
from tests.e2e.hotline import Hotline
from tests.e2e.phone import Phone

MOSCOW = "88005553535"
HEAD = 1.2
"""Seconds of a prompt that are enough to know it by."""
LOOK = 0.1
_numbers = itertools.count(1_000_001)


LIKELY = 0.5
"""A score that a prompt may have whose first second lost frames on the way."""
LONGER = 3.0
"""Seconds of a prompt that are listened to then: as certain as ever, of more of it."""


class Caller:
    """Somebody who calls. ``number`` is their own, in E.164, and nobody else's in this test run."""

    def __init__(self, phone: Phone, hotline: Hotline, prompts: Prompts, number: str = "") -> None:
        self.phone, self.hotline, self.prompts = phone, hotline, prompts
        self.number = number or f"+7916{next(_numbers)}"
        self._heard_until = 0.0

    async def dial(self, number: str = MOSCOW) -> None:
        """Call, and wait for the answer."""
        self._heard_until = 0.0
        await self.phone.call(number, self.hotline.sip_port, self.number)

    async def hears(
        self, prompt: str, language: str = "ru", *, first: float = HEAD, within: float = 10.0, **values: Value
    ) -> Match:
        """Wait until this prompt is heard after the last one that was."""
        return await self.hears_speech(self.prompts.say(prompt, language, **values), prompt, first, within)

    async def hears_speech(self, speech: Speech, what: str, first: float = HEAD, within: float = 10.0) -> Match:
        """Wait until the first piece of ``speech`` is heard after what was heard last."""
        sound = sound_of(speech)
        best = Match(0.0, 0.0)
        try:
            async with asyncio.timeout(within):
                while not best:
                    await asyncio.sleep(LOOK)
                    new = self._new()
                    match = hearing.find(new, sound, first=first)
                    if LIKELY < match.score < hearing.CERTAIN:  # frames lost in it: more of the prompt tells
                        match = max(match, hearing.find(new, sound, first=LONGER), key=lambda found: found.score)
                    best = max(best, match, key=lambda found: found.score)
        except TimeoutError:
            raise AssertionError(f"{what!r} was not heard in {within} s (best: {best}); {self.heard()}") from None
        at = self._heard_until + best.at
        self._heard_until = at + min(first, len(sound) / RATE) / 2
        return Match(best.score, at)

    def heard(self) -> str:
        """Which prompts the whole recording holds, for a failed test to tell."""
        whole = hearing.read(self.phone.heard())
        known = [
            (match.at, f"{language}/{name} at {match.at:.1f}")
            for language in ("ru", "en", "tt")
            for name in sorted(self.prompts.names(language))  # type: ignore[attr-defined]
            if not self.prompts.slots(name, language)  # type: ignore[attr-defined]
            and (match := hearing.find(whole, sound_of(self.prompts.say(name, language)), first=HEAD))
        ]
        return f"heard in {len(whole) / RATE:.1f} s: {[what for _, what in sorted(known)]}; {self.phone.told()}"

    def _new(self) -> hearing.Sound:
        return hearing.read(self.phone.heard())[int(self._heard_until * RATE) :]

    async def press(self, keys: str, milliseconds: int = 80) -> None:
        """Press keys, each for so long."""
        await self.phone.press(keys, milliseconds)

    async def hang_up(self) -> None:
        await self.phone.hang_up()

    async def call(self) -> dict[str, Any]:
        """The live call, as the API tells it."""
        answer = await self.hotline.ask("GET", "/calls")
        mine = [call for call in answer["calls"] if call["caller"] == self.number]
        assert len(mine) <= 1, mine
        return dict(mine[0]) if mine else {}

    async def reaches(self, stage: str, within: float = 10.0) -> dict[str, Any]:
        """Wait until the call is in this stage: ``menu``, ``queue``, ``ringing``, ``talking``."""
        call: dict[str, Any] = {}
        try:
            async with asyncio.timeout(within):
                while (call := await self.call()).get("stage") != stage:
                    await asyncio.sleep(LOOK / 2)
        except TimeoutError:
            raise AssertionError(f"not {stage} within {within} s, but {call}; {self.heard()}") from None
        return call

    async def ticket(self, within: float = 5.0) -> dict[str, Any]:
        """The one ticket of this caller, once its call is over."""
        tickets: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(within):
                while not tickets or tickets[0]["end"] is None:
                    await asyncio.sleep(LOOK / 2)
                    tickets = await self.tickets()
        except TimeoutError:
            raise AssertionError(f"no ended ticket of {self.number} within {within} s, but {tickets}") from None
        assert len(tickets) == 1, tickets
        return tickets[0]

    async def tickets(self) -> list[dict[str, Any]]:
        """Every ticket of this caller."""
        return await tickets_of(self.hotline, self.number)


async def tickets_of(hotline: Hotline, number: str) -> list[dict[str, Any]]:
    """Tickets of the calls from ``number``, whole."""
    listed = (await hotline.ask("GET", "/tickets?limit=100"))["tickets"]
    return [await hotline.ask("GET", f"/tickets/{each['number']}") for each in listed if each["caller"] == number]


def sound_of(speech: Speech) -> hearing.Sound:
    """All of it as one sound. Pieces that have not been rendered are an error in the rig."""
    for utterance in speech:
        assert utterance.audio, f"not rendered: {utterance.text!r}"
    return np.concatenate([hearing.read(Path(f"{utterance.audio}.wav")) for utterance in speech])


@asynccontextmanager
async def caller(folder: Path, hotline: Hotline, prompts: Prompts, number: str = "") -> AsyncIterator[Caller]:
    """Somebody with a telephone, for the length of the block."""
    phone = await Phone.start(folder)
    try:
        yield Caller(phone, hotline, prompts, number)
    finally:
        await phone.close()
