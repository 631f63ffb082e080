"""Asterisk's side of the manager interface, word by word, over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BANNER = b"Asterisk Call Manager/12.0.0\r\n"
BOOTED = b"Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n"


class Connection:
    """One connection that the engine made."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def action(self) -> dict[str, str]:
        async with asyncio.timeout(5):
            text = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        return dict(line.split(": ", 1) for line in text.strip().split("\r\n"))

    async def say(self, data: bytes, *, piecemeal: bool = False) -> None:
        for part in [data[i : i + 1] for i in range(len(data))] if piecemeal else [data]:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0)

    async def reply(self, action: dict[str, str], fields: str = "Response: Success", *events: str) -> None:
        for text in (fields, *events):
            await self.say(f"{text}\r\nActionID: {action['ActionID']}\r\n\r\n".encode())

    async def login(self, answer: str = "Response: Success") -> dict[str, str]:
        await self.say(BANNER)
        action = await self.action()
        await self.reply(action, answer)
        if "Success" in answer:
            await self.say(BOOTED)
        return action

    async def ended(self) -> bool:
        async with asyncio.timeout(5):
            try:
                return await self.reader.read() == b""
            except ConnectionResetError:
                return True

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


class ManagerPeer:
    """Listens as Asterisk does; the test answers each connection itself."""

    def __init__(self) -> None:
        self.arrivals: asyncio.Queue[Connection] = asyncio.Queue()
        self.connections: list[Connection] = []
        self.port = 0

    async def accept(self) -> Connection:
        async with asyncio.timeout(5):
            return await self.arrivals.get()

    async def arrived(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer)
        self.connections.append(connection)
        self.arrivals.put_nowait(connection)


@asynccontextmanager
async def manager_peer() -> AsyncIterator[ManagerPeer]:
    peer = ManagerPeer()
    server = await asyncio.start_server(peer.arrived, "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        for connection in peer.connections:
            await connection.close()
        await server.wait_closed()
