"""Asterisk's side of a FastAGI connection, word by word, over a real socket."""

from __future__ import annotations

import asyncio
import contextlib

HEADER = (
    b"agi_network: yes\nagi_request: agi://127.0.0.1:4573/call\nagi_channel: PJSIP/trunk-00000001\n"
    b"agi_uniqueid: 1700000000.1\nagi_callerid: 79161234567\nagi_threadid: 140\nagi_arg_1: 78005553535\n\n"
)


class ScriptedAsterisk:
    """Says what a test tells it to say."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def call(cls, port: int, header: bytes = HEADER) -> ScriptedAsterisk:
        self = cls(*await asyncio.open_connection("127.0.0.1", port))
        await self.say(header)
        return self

    async def say(self, data: bytes, *, piecemeal: bool = False) -> None:
        for part in [data[i : i + 1] for i in range(len(data))] if piecemeal else [data]:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0)

    async def hear(self) -> str:
        """The engine's next command; "" at the end of the connection."""
        async with asyncio.timeout(5):
            return (await self.reader.readline()).decode().rstrip("\n")

    async def answer(self, *exchanges: tuple[str, str]) -> None:
        """Expect each command, give its reply."""
        for command, reply in exchanges:
            assert await self.hear() == command
            await self.say(reply.encode() + b"\n")

    async def ended(self) -> bool:
        """Whether the engine closes the connection (within five seconds)."""
        async with asyncio.timeout(5):
            try:
                return await self.reader.read() == b""
            except ConnectionResetError:
                return True

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()
