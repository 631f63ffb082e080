from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ivr.asterisk.agi_server import AgiServer, Handler, Limits
from ivr.asterisk.agi_session import AgiSession
from tests.agi.asterisk import HEADER, ScriptedAsterisk


@dataclass
class Joined:
    """The two ends of one call."""

    asterisk: ScriptedAsterisk
    session: AgiSession
    server: AgiServer


@asynccontextmanager
async def joined(header: bytes = HEADER) -> AsyncIterator[Joined]:
    """A call in progress whose handler does nothing but wait for its end; the test is the handler."""
    finished = asyncio.Event()
    arrived: asyncio.Queue[AgiSession] = asyncio.Queue()

    async def handler(session: AgiSession) -> None:
        arrived.put_nowait(session)
        await finished.wait()

    async with serving(handler) as server:
        asterisk = await ScriptedAsterisk.call(server.port, header)
        try:
            async with asyncio.timeout(5):
                yield Joined(asterisk, await arrived.get(), server)
        finally:
            finished.set()
            await asterisk.close()


@asynccontextmanager
async def serving(handler: Handler, limits: Limits | None = None, **options: object) -> AsyncIterator[AgiServer]:
    async with AgiServer(handler, port=0, limits=limits, **options).running() as server:
        yield server
