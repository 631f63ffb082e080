"""A question in one command, so that no key is lost between the words and the wait, nor between two keys.

``EXEC Exec "ExecIf(${ISNULL(${TYPED})}?Read(…):…)"`` looks whether something was typed ahead and asks only if nothing
was, with no moment between the two in which a key could be missed: until Read begins nobody reads the channel. Seen on
Asterisk 22:

- ``Read(NAME,a&b,most,,1,s)`` plays several files, with 50 ms between them. Without seconds it waits TIMEOUT(response)
  for the first key and TIMEOUT(digit) between keys. READSTATUS: OK by ``#`` or full, TIMEOUT, HANGUP; ERROR, with no
  wait, when the last file cannot be played. One before it that cannot is passed over, with a word in Asterisk's log.
- A key stops the words, ``#`` is not among the keys, and eleven keys within 220 ms all arrive.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import lru_cache

from ivr.asterisk.talk import Talk
from ivr.asterisk.typed_keys import TypedKeys
from ivr.asterisk.variables import KEYED, TYPED
from ivr.channel import Keyed
from ivr.digits import FIRST_DIGIT, INTER_DIGIT
from ivr.speech import Speech, Utterance

LONGEST_QUESTION = 600.0
"""Seconds; longer than any prompt with its answer."""

LONGEST_JOINED = 1_800
"""Bytes of paths in one command (agi_command.MAX_COMMAND): a SNILS is read back in up to 17 pieces of some 60."""

MOST_TRIES = 16
"""Commands for one question: one, and one more for each pause of what was typed ahead and for each echo of a key."""

_PLAIN = re.compile(r"[^,&|\"'\\(){}$?:]+")
"""A path whose characters mean nothing to Read and ExecIf."""


class Asking:
    """Questions on one channel. ``say`` plays words until a key; ``mute`` is told of what cannot be played."""

    def __init__(
        self,
        talk: Talk,
        typed: TypedKeys,
        say: Callable[[Speech], Awaitable[bool]],
        mute: Callable[[Utterance], None],
    ) -> None:
        self._talk = talk
        self._typed = typed
        self._say = say
        self._mute = mute
        self._limits = (FIRST_DIGIT, INTER_DIGIT)  # the dialplan has set these

    async def ask(self, speech: Speech, *, most: int, first: float, between: float) -> Keyed:
        """As Channel.ask, for speech that has sounds. The keys A to D, which no telephone has, count as none."""
        keyed = self._typed.take(most)
        for _ in range(MOST_TRIES):
            if keyed.ended or len(keyed.keys) == most:
                break
            if keyed.keys:
                speech, first = (), between
            speech, over = await self._listen(speech, most - len(keyed.keys), first, between)
            more = self._typed.take(most - len(keyed.keys))
            keyed = Keyed(keyed.keys + more.keys, more.ended)
            if over:
                break
        return keyed

    async def _listen(self, speech: Speech, most: int, first: float, between: float) -> tuple[Speech, bool]:
        """Ask once; what is still to be said should no key have come, and whether silence has ended the entry."""
        head, joined = _split(speech)
        if head and await self._say(head):
            return joined, False
        await self._read(joined, most, first, between)
        looked = await self._typed.look()
        if looked.status in ("OK", "AHEAD", "TIMEOUT"):
            return joined, looked.status == "TIMEOUT" and not looked.echo
        await self._talk.do("CHANNEL STATUS")  # raises when the caller hung up
        if joined:
            self._mute(joined[-1])
        return (), not joined

    async def _read(self, speech: Speech, most: int, first: float, between: float) -> None:
        files = "&".join(each.audio or "" for each in speech)
        one_time = most == 1 or first == between
        if not one_time:
            await self._set_limits(first, between)
        seconds = f",,1,{max(first, 0.001):g}" if one_time else ""
        read = f"Read({KEYED},{files},{most}{seconds})"
        question = f"ExecIf(${{ISNULL(${{{TYPED}}})}}?{read}:Set(READSTATUS=AHEAD))"
        await self._talk.do("EXEC", "Exec", question, limit=LONGEST_QUESTION)

    async def _set_limits(self, first: float, between: float) -> None:
        """Read's two times, kept by the channel."""
        if self._limits != (first, between):
            await self._talk.do("SET VARIABLE", "TIMEOUT(response)", f"{first:g}")
            await self._talk.do("SET VARIABLE", "TIMEOUT(digit)", f"{between:g}")
            self._limits = (first, between)


def _split(speech: Speech) -> tuple[Speech, Speech]:
    """What must be played piece by piece, in practice nothing, and what one command can play."""
    start, size = len(speech), 0
    while start and (length := _length(speech[start - 1].audio or "")):
        size += length
        if size > LONGEST_JOINED:
            break
        start -= 1
    return speech[:start], speech[start:]


@lru_cache(maxsize=4096)  # of sounds, which every call says again
def _length(path: str) -> int:
    """Bytes that a path takes in a command, with what parts it from the next; 0 for one that needs its own."""
    return len(path.encode()) + 1 if _PLAIN.fullmatch(path) else 0
