"""A way to a server that a test can cut: connections stay, and nothing comes through any more."""

import asyncio
import contextlib
from contextlib import asynccontextmanager


class TcpProxy:
    """Forwards to a port of 127.0.0.1."""

    def __init__(self, to):
        self._to, self._open = to, asyncio.Event()
        self._open.set()
        self._server, self.port = None, 0

    @property
    def url(self):
        """As a Redis."""
        return f"redis://127.0.0.1:{self.port}/0"

    def cut(self):
        """Nothing comes through."""
        self._open.clear()

    def heal(self):
        """What waited comes through now."""
        self._open.set()

    @asynccontextmanager
    async def running(self):
        """There for as long as this lasts."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self._server.close()

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
            pumps = [asyncio.create_task(self._pump(*way)) for way in ((reader, far_writer), (far_reader, writer))]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            for each in (writer, far_writer):
                each.close()

    async def _pump(self, reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
