"""Asterisk's end of FastAGI, played by a script: calls without SIP or sound, to measure the engine alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from ivr.asterisk.variables import LOOK


@dataclass(slots=True)
class Call:
    """One scripted call: the commands that came, and ``reactions``, the seconds from a key to the next command."""

    lines: list[str] = field(default_factory=list)
    reactions: list[float] = field(default_factory=list)
    pressed_at: float | None = None
    left: list[str] = field(default_factory=list)
    keyed: str = ""
    queued: asyncio.Event = field(default_factory=asyncio.Event)
    """The engine plays music: the call waits for an operator."""

    def reply(self, command: str) -> str:
        """What Asterisk would say: waiting keys for whatever listens to keys, else the end of the sound."""
        self.lines.append(command)
        if LOOK in command:  # the second half of a question: no reaction yet
            keyed, self.keyed = self.keyed, ""
            return f"200 result=1 ({'OK' if keyed else 'TIMEOUT'}|{keyed}|{keyed})\n"
        if self.pressed_at is not None:
            self.reactions.append(time.perf_counter() - self.pressed_at)
            self.pressed_at = None
        if command.startswith("EXEC Exec"):
            self.keyed = self.press(command.split(",")[2].partition(")")[0])
        if command.startswith("SET MUSIC"):
            self.queued.set()
        if command.startswith("CHANNEL STATUS"):
            return "200 result=6\n"
        return "200 result=0 endpos=1600\n" if command.startswith("STREAM FILE") else "200 result=0\n"

    def press(self, most: str) -> str:
        """The keys that a question takes."""
        self.pressed_at = time.perf_counter() if self.left else None
        keys, self.left = self.left[: int(most)], self.left[int(most) :]
        return "".join(keys)


async def call(port: int, number: str, unique: str, keys: str, *, pause: float = 0.0) -> Call:
    """One call from its first byte to the engine's HANGUP. ``pause``: seconds before a key, as a caller takes."""
    made = Call(left=list(keys))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_greeting(port, number, unique).encode())
    await _converse(made, reader, writer, pause)
    return made


@asynccontextmanager
async def waiting(port: int, number: str, unique: str) -> AsyncIterator[Call]:
    """A call that waits in a queue for as long as this lasts; then its caller hangs up."""
    made = Call()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_greeting(port, number, unique).encode())
    task = asyncio.create_task(_converse(made, reader, writer))
    try:
        async with asyncio.timeout(30):
            await made.queued.wait()
        yield made
    finally:
        writer.write(b"HANGUP\n")
        await task


async def _converse(made: Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pause: float = 0.0) -> None:
    """Answer commands until the engine has had enough."""
    try:
        while line := (await reader.readline()).decode().strip():
            reply = made.reply(line)
            if pause and made.pressed_at is not None and LOOK not in line:
                await asyncio.sleep(pause)
                made.pressed_at = time.perf_counter()
            writer.write(reply.encode())
            if line.startswith("HANGUP"):
                writer.write(b"HANGUP\n")
    except ConnectionError:
        pass
    finally:
        writer.close()


def _greeting(port: int, number: str, unique: str) -> str:
    told = {
        "network": "yes",
        "request": f"agi://127.0.0.1:{port}/call",
        "channel": f"PJSIP/bench-{unique}",
        "language": "en",
        "type": "PJSIP",
        "uniqueid": unique,
        "version": "22",
        "callerid": "+79160000000",
        "calleridname": "unknown",
        "dnid": number,
        "context": "hotline",
        "extension": "s",
        "priority": "1",
        "enhanced": "0.0",
        "accountcode": "",
        "threadid": "1",
        "arg_1": number,
    }
    return "".join(f"agi_{name}: {value}\n" for name, value in told.items()) + "\n"
