"""Phones for tests: the asyncio side of softphone.py. Every wait has a limit, every process is ended and reaped."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

SOFTPHONE = Path(__file__).with_name("softphone.py")
PROMPTLY = 10.0
"""Seconds that anything a phone does by itself may take on a busy machine."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a phone told: ``started``, ``registration``, ``ringing``, ``progress``, ``media``, ``answered``, …

    ``at`` is in seconds of the monotonic clock, comparable between phones and with time.monotonic().
    """

    name: str
    at: float
    what: dict[str, Any]

    @property
    def code(self) -> int:
        """The SIP status code, 0 when this event has none."""
        return int(self.what.get("code", 0))

    def header(self, name: str) -> str:
        """A header of the INVITE that made the phone ring, "" when it has none."""
        found = re.search(rf"^{name}: *(.*?)\r?$", str(self.what.get("invite", "")), re.MULTILINE | re.IGNORECASE)
        return found[1] if found else ""


class PhoneFailed(AssertionError):
    """The phone could not do what it was told, or did not do it in time."""


class Phone:
    """One phone in a process of its own. Make it by ``phone()``."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process = process
        self.folder = folder
        self.events: list[Event] = []
        self._replies: dict[int, asyncio.Future[Event]] = {}
        self._sent = self._dialled = 0
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, folder: Path) -> Self:
        """Start a phone that keeps its files in ``folder``."""
        folder.mkdir(parents=True)
        with (folder / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, str(SOFTPHONE), str(folder), stdin=-1, stdout=-1, stderr=log
            )
        phone = cls(process, folder)
        await phone.wait("started")
        return phone

    async def register(self, user: str, password: str, port: int, expires: int = 300) -> None:
        """Register as an operator and wait until it is done."""
        await self._do("register", user=user, password=password, port=port, expires=expires)
        told = await self.wait("registration", lambda event: event.what["active"] or event.code >= 300)
        if told.code != 200:
            raise PhoneFailed(f"{user} could not register: {told.code} {told.what['reason']}")

    async def unregister(self) -> None:
        """Leave the registrar, and wait until it is done."""
        since = len(self.events)
        await self._do("unregister")
        await self.wait("registration", lambda event: not event.what["active"], since=since)

    async def call(self, number: str, port: int, caller: str = "+79161234567", *, answered: bool = True) -> None:
        """Dial ``number`` with ``caller`` as the From number; waits for the answer unless told not to."""
        self._dialled = await self._do("call", number=number, caller=caller, port=port)
        if answered:
            await self.wait("answered")

    async def on_ring(self, do: str, **what: Any) -> None:
        """What to do at the next calls: ``answer`` (``after`` seconds), ``ring``, or ``code`` (``code=486``)."""
        await self._do("policy", do=do, **what)

    async def answer(self) -> None:
        """Pick up the ringing call."""
        await self._do("answer")

    async def decline(self, code: int = 603) -> None:
        """Refuse the ringing call."""
        await self._do("decline", code=code)

    async def press(self, keys: str, milliseconds: int = 0) -> None:
        """Press keys as RFC 4733 events; returns when they are on their way, not when they have been sent."""
        await self._do("keys", digits=keys, milliseconds=milliseconds)

    async def say(self, wav: Path, *, loop: bool = False) -> None:
        """Play a wav (8 kHz, 16 bit, mono) into the call."""
        await self._do("say", wav=str(wav), loop=loop)

    async def hang_up(self) -> Event:
        """Hang up (or cancel) and wait until the call is over."""
        return await self.wait("disconnected", call=await self._do("hangup"))

    def heard(self, call: int = 0) -> Path:
        """The wav of what the ``call``-th call of this phone has heard so far; its header is right only at its end."""
        call = call or self._dialled or 1
        return self.folder / f"heard-{call}.wav"

    async def wait(
        self,
        name: str,
        which: Callable[[Event], bool] = lambda _: True,
        *,
        call: int = 0,
        since: int = 0,
        within: float = PROMPTLY,
    ) -> Event:
        """The first event of that name, come or still to come.

        Of the phone's ``call``-th call (from 1; incoming ones count), by default the last one that was dialled here.
        """
        call = call or self._dialled
        try:
            async with asyncio.timeout(within), self._news:
                while True:
                    for event in self.events[since:]:
                        mine = not call or event.what.get("call", call) == call
                        if event.name == name and mine and which(event):
                            return event
                    if self._reading.done():
                        raise PhoneFailed(f"the phone ended while {name} was awaited; it said:\n{self._said()}")
                    await self._news.wait()
        except TimeoutError:
            raise PhoneFailed(f"no {name} within {within} s; so far: {self.told()}") from None

    def told(self) -> str:
        """All events so far, in short."""
        return " ".join(f"{event.name}{f'({event.code})' if event.code else ''}" for event in self.events)

    async def close(self) -> None:
        """End the phone and reap its process, whatever state it is in."""
        if self._process.returncode is None and self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(3):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading

    async def kill(self) -> None:
        """Let the phone vanish as if its cable were cut: no BYE, no goodbye."""
        self._process.kill()
        await self._process.wait()

    async def _do(self, name: str, **with_: Any) -> int:
        """Give a command; the number of the call that it was about."""
        self._sent += 1
        reply: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._replies[self._sent] = reply
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps({"do": name, "re": self._sent, "with": with_}) + "\n").encode())
        await self._process.stdin.drain()
        async with asyncio.timeout(PROMPTLY):
            told = await reply
        if told.name == "failed":
            raise PhoneFailed(f"{name}: {told.what['why']}")
        return int(told.what["call"])

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            what = json.loads(line)
            event = Event(what.pop("event"), what.pop("at"), what)
            if event.name in ("done", "failed") and (reply := self._replies.pop(event.what["re"], None)):
                if not reply.done():
                    reply.set_result(event)
                continue
            async with self._news:
                self.events.append(event)
                self._news.notify_all()
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(PhoneFailed(f"the phone ended; it said:\n{self._said()}"))
        async with self._news:
            self._news.notify_all()

    def _said(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-2000:]


@asynccontextmanager
async def phone(folder: Path) -> AsyncIterator[Phone]:
    """A phone for the length of the block."""
    the_phone = await Phone.start(folder)
    try:
        yield the_phone
    finally:
        await the_phone.close()


def now() -> float:
    """The clock of the events."""
    return time.monotonic()
