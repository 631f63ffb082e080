"""A caller at a terminal: what is said is printed, keys are typed or given ahead. Time does not pass meanwhile."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from ivr.channel import KEYS, CallerGone
from ivr.flowtest.said import Said
from ivr.messages import Message

SILENCE, HANGUP, OVER = "_", "h", "!"
"""What is typed for pressing nothing until the time is over, for hanging up, and before keys that do not wait for the
end of the next prompt."""

MESSAGE = 5.0
"""Seconds of every voice message."""


class Typed:
    """Implements ivr.flowtest.caller.Caller. ``read`` gives a typed line, None at the end; ``write`` prints one.

    ``given``: keys given ahead; when they are used up the caller presses nothing more, and ``read`` is not asked.
    """

    def __init__(
        self, write: Callable[[str], None], read: Callable[[], str | None], *, given: str | None = None
    ) -> None:
        self._write, self._read = write, read
        self._keys = deque(given or "")
        self._asks = given is None

    def turn(self) -> None:
        """As Caller.turn."""
        if self._keys and self._keys[0] == HANGUP:
            raise CallerGone

    def types_over(self, said: Said) -> str:
        """The keys after ``!``, up to what is none."""
        keys = ""
        if said.text and self._keys and self._keys[0] == OVER:
            self._keys.popleft()
            while self._keys and self._keys[0] in KEYS:
                keys += self._keys.popleft()
        if keys:
            self._write(Message("typed-over", keys=keys, words=said.text))
        return keys

    def hears(self, said: Said) -> None:
        """Print it."""
        if said.text:
            self._write(f"  « {said.text}")

    def presses(self, timeout: float) -> str | None:
        """The next key; an empty line, or ``_``, is silence."""
        if not self._keys and self._asks:
            self._keys.extend(self._typed() or SILENCE)
        return self._key() if self._keys else None

    def speaks(self, most: float) -> float:
        """Says so."""
        self._write(Message("beep", most=most))
        return min(most, MESSAGE)

    async def waits(self) -> str:
        """A key for whoever waits; an empty line waits on, until something happens."""
        if not self._keys and self._asks:
            self._keys.extend(self._typed())
        while self._keys:
            key = self._key()
            if key is not None:
                return key
        never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await never

    def rings(self, operator: str) -> None:
        """Says so."""
        self._write(Message("aside", words=Message("phone-rings", operator=operator)))

    def talks(self, operator: str) -> bool:
        """Says so; the operator hangs up."""
        self._write(Message("answers-and-hangs-up", operator=operator))
        return False

    def _typed(self) -> str:
        line = self._read()
        if line is None:
            raise CallerGone
        return "".join(key for key in line.strip() if key in KEYS + SILENCE + HANGUP + OVER)

    def _key(self) -> str | None:
        key = self._keys.popleft()
        if key == OVER:  # nothing was said that it could interrupt
            key = self._keys.popleft() if self._keys else SILENCE
        if key == HANGUP:
            raise CallerGone
        self._write(Message("silence") if key == SILENCE else f"  » {key}")
        return None if key == SILENCE else key
