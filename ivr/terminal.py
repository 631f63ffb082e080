"""A caller at a terminal: what is said is printed, keys are typed. No Asterisk, no clock."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path

from ivr.call import Call
from ivr.calllog.events import Answered, Queued, QueueLeft, TalkEnded
from ivr.channel import KEYS, CallerGone, Keyed, QueueRequest, QueueResult
from ivr.digits import key_by_key
from ivr.speech import Speech

SILENCE, HANGUP = "_", "h"
"""What is typed for pressing nothing until the time is over, and for hanging up."""


class Terminal:
    """An ivr.channel.Channel. ``read`` gives a typed line, None at the end; ``write`` prints one.

    ``scripted``: keys given ahead; when they are used up the caller presses nothing more, and ``read`` is not asked.
    ``operators``: whether somebody answers in the queue.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        read: Callable[[], str | None],
        *,
        scripted: str | None = None,
        operators: bool = True,
    ) -> None:
        self._write, self._read = write, read
        self._typed = deque(scripted or "")
        self._scripted = scripted is not None
        self._operators = operators

    async def answer(self) -> None:
        """Nothing to pick up."""

    async def play(self, speech: Speech, *, keys: str = KEYS) -> str | None:
        """Print it; a key typed ahead stops it."""
        text = " ".join(part.text for part in speech).replace(" .", ".").replace(" ,", ",")
        if text:
            self._write(f"  « {text}")
        if keys and self._typed and self._typed[0] != SILENCE:
            key = self._key()
            return key if key is not None and key in keys else None
        return None

    async def ask(self, speech: Speech, *, most: int, first: float, between: float) -> Keyed:
        """Print it and take typed keys; an empty line, or ``_``, is silence."""
        await self.play(speech, keys="")
        return await key_by_key(self._press, most=most, first=first, between=between)

    async def _press(self, timeout: float) -> str | None:
        if not self._typed and timeout > 0:
            await self._type(timeout)
        return self._key() if self._typed else None

    async def _type(self, timeout: float) -> None:
        if self._scripted:
            return
        line = await asyncio.to_thread(self._read)
        if line is None:
            raise CallerGone
        known = [key for key in line.strip() if key in KEYS + SILENCE + HANGUP]
        self._typed.extend(known or SILENCE)

    def _key(self) -> str | None:
        key = self._typed.popleft()
        if key == HANGUP:
            raise CallerGone
        if key == SILENCE:
            self._write("  (silence)")
            return None
        self._write(f"  » {key}")
        return key

    async def record(self, path: Path, *, max_seconds: float, silence: float, end_keys: str) -> float:
        """Says so; nothing is stored."""
        self._write(f"  (beep; a voice message of up to {max_seconds:g} s would be recorded)")
        return 5.0

    async def enqueue(self, call: Call, request: QueueRequest) -> QueueResult:
        """Prints what the router would be asked; an operator answers at once, or nobody does."""
        self._write(f"  (queue {request.queue}: needs {_needs(request.needs)}, at most {request.max_wait:g} s)")
        for after, needs in request.relax:
            self._write(f"    (after {after:g} s: {_needs(needs)})")
        at = call.now()
        call.log(Queued(at=at, queue=request.queue, needs=request.needs, since=at))
        if not self._operators:
            call.log(QueueLeft(at=at, why=QueueResult.TIMEOUT.value))
            return QueueResult.TIMEOUT
        self._write("  (an operator answers, and hangs up)")
        call.log(Answered(at=at, operator="terminal"))
        call.log(TalkEnded(at=at, operator="terminal", seconds=0.0))
        return QueueResult.ANSWERED

    async def hangup(self) -> None:
        """Says so."""
        self._write("  (the call ends)")


def _needs(needs: dict[str, int]) -> str:
    return ", ".join(f"{skill} {level}" for skill, level in sorted(needs.items())) or "anybody"
