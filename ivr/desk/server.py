"""Serves the application on a port, within limits, and lets go of it in time."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from ivr.desk.accesslog import AccessLog, http_log
from ivr.desk.impatience import Impatience

STOP_SECONDS = 5.0
"""How long requests in progress may take to end when the hotline stops."""

LINGER_SECONDS = 1.0
"""How long the rest of a refused body is read, so that the client gets to see the answer."""

LINE_LIMIT = 8190
"""Bytes of a request's first line, and of a header."""


class PortTaken(Exception):
    """The port cannot be used; the message says which and what to mend."""


@asynccontextmanager
async def serving(app: web.Application, bind: str, port: int) -> AsyncIterator[int]:
    """The application answers at ``bind``:``port`` for as long as this lasts; the port (a free one for 0).

    Raises PortTaken.
    """
    runner = web.AppRunner(
        app,
        logger=http_log(),
        access_log_class=AccessLog,
        keepalive_timeout=75.0,
        shutdown_timeout=STOP_SECONDS,
        lingering_time=LINGER_SECONDS,
        max_line_size=LINE_LIMIT,
        max_field_size=LINE_LIMIT,
        max_headers=64,
    )
    impatience = Impatience()
    impatience.join(app)
    await runner.setup()
    try:
        listener = await _listen(runner, impatience, bind, port)
        try:
            yield int(listener.sockets[0].getsockname()[1])
        finally:
            listener.close()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, impatience: Impatience, bind: str, port: int) -> asyncio.Server:
    server = runner.server
    assert server is not None
    try:
        return await asyncio.get_running_loop().create_server(
            lambda: impatience.expect(server()), bind, port, backlog=512
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"port {port} at {bind} is taken by another program: end it, or set IVR_HTTP_PORT to a free port"
            ) from None
        raise PortTaken(
            f"cannot listen at {bind}:{port} ({error.strerror}): mend IVR_HTTP_BIND or IVR_HTTP_PORT"
        ) from None
