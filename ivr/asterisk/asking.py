"""A question in one command, so that no key is lost between the words and the wait, nor between two keys.

AGI drops a key that ends while no command is outstanding: with a command for each key, an engine that was held up for
100 ms lost keys pressed 80 ms apart. So Asterisk collects them all. Seen on Asterisk 22:

- ``GET DATA file ms most`` plays one file (``a&b`` fails with -1) and knows one time for the first and for the next
  keys; with 0 that is 6 s and 2 s, whatever TIMEOUT() says. A file that cannot be played is -1, with no wait.
- ``Read(NAME,a&b,most,,1,s)`` plays several, with 50 ms between them. Without seconds it waits TIMEOUT(response) for
  the first key and TIMEOUT(digit) between keys. READSTATUS: OK by ``#`` or full, TIMEOUT, HANGUP; ERROR, with no wait,
  when the last file cannot be played. One before it that cannot is passed over, with a word in Asterisk's log.
- In both a key stops the words, ``#`` is not among the keys, and eleven keys within 220 ms all arrive.
"""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable

from ivr.asterisk.talk import Talk
from ivr.asterisk.variables import KEYED
from ivr.channel import KEYS, Keyed
from ivr.digits import FIRST_DIGIT, INTER_DIGIT
from ivr.speech import Speech, Utterance

LONGEST_QUESTION = 600.0
"""Seconds; longer than any prompt with its answer."""

LONGEST_JOINED = 1_800
"""Bytes of paths in one command (agi_command.MAX_COMMAND): a SNILS is read back in up to 17 pieces of some 60."""

_PLAIN = re.compile(r"[^,&|\"'\\(){}$]+")
"""A path whose characters mean nothing to Read."""


class Asking:
    """Questions on one channel. ``say`` plays words until a key; ``mute`` is told of what cannot be played."""

    def __init__(
        self, talk: Talk, say: Callable[[Speech], Awaitable[str | None]], mute: Callable[[Utterance], None]
    ) -> None:
        self._talk = talk
        self._say = say
        self._mute = mute
        self._limits = (FIRST_DIGIT, INTER_DIGIT)  # the dialplan has set these

    async def ask(self, speech: Speech, *, most: int, first: float, between: float) -> Keyed:
        """As Channel.ask, for speech that has sounds. The keys A to D, which no telephone has, count as none."""
        head, joined = _split(speech)
        key = await self._say(head) if head else None
        if key == "#":
            return Keyed(ended=True)
        if key and most == 1:
            return Keyed(key)
        if key:
            joined, first = (), between
        keyed = await self._collect(joined, most - len(key or ""), first, between)
        return Keyed("".join(each for each in (key or "") + keyed.keys if each in KEYS), keyed.ended)

    async def _collect(self, speech: Speech, most: int, first: float, between: float) -> Keyed:
        one_time = most == 1 or first == between
        if one_time and len(speech) < 2:
            return await self._get_data(speech, most, first)
        return await self._read(speech, most, first, between, one_time=one_time)

    async def _get_data(self, speech: Speech, most: int, seconds: float) -> Keyed:
        file = speech[0].audio or "" if speech else ""
        wait = max(1, math.ceil(seconds * 1000))
        reply = await self._talk.do("GET DATA", file, wait, most, limit=LONGEST_QUESTION)
        if reply.result == "-1" and speech:
            self._mute(speech[0])
            return await self._get_data((), most, seconds)
        full = len(reply.result) == most
        return Keyed(reply.result, ended=reply.data is None and not full)

    async def _read(self, speech: Speech, most: int, first: float, between: float, *, one_time: bool) -> Keyed:
        files = "&".join(each.audio or "" for each in speech)
        seconds = f",,1,{max(first, 0.001):g}" if one_time else ""
        if not one_time:
            await self._set_limits(first, between)
        await self._talk.do("EXEC", "Read", f"{KEYED},{files},{most}{seconds}", limit=LONGEST_QUESTION)
        keys = await self._talk.variable(KEYED)
        if len(keys) > 1:  # an identifier stays in no channel variable
            await self._talk.do("SET VARIABLE", KEYED, "")
        if len(keys) == most:
            return Keyed(keys)
        status = await self._talk.variable("READSTATUS")
        if status not in ("OK", "TIMEOUT"):
            await self._talk.do("CHANNEL STATUS")  # raises when the caller hung up
            if speech:
                self._mute(speech[-1])
                return await self._collect((), most, first, between)
        return Keyed(keys, ended=status == "OK")

    async def _set_limits(self, first: float, between: float) -> None:
        """Read's two times, kept by the channel."""
        if self._limits != (first, between):
            await self._talk.do("SET VARIABLE", "TIMEOUT(response)", f"{first:g}")
            await self._talk.do("SET VARIABLE", "TIMEOUT(digit)", f"{between:g}")
            self._limits = (first, between)


def _split(speech: Speech) -> tuple[Speech, Speech]:
    """What must be played piece by piece, in practice nothing, and what one command can play."""
    if len(speech) < 2:
        return (), speech
    start, size = len(speech), 0
    while start and _PLAIN.fullmatch(path := speech[start - 1].audio or ""):
        size += len(path.encode()) + 1
        if size > LONGEST_JOINED:
            break
        start -= 1
    start = min(start, len(speech) - 1)
    return speech[:start], speech[start:]
