"""Serves the application on a port, within limits, and lets go of it in time."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from ivr.desk.accesslog import AccessLog

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
        access_log_class=AccessLog,
        keepalive_timeout=75.0,
        shutdown_timeout=STOP_SECONDS,
        lingering_time=LINGER_SECONDS,
        max_line_size=LINE_LIMIT,
        max_field_size=LINE_LIMIT,
        max_headers=64,
    )
    await runner.setup()
    try:
        await _listen(runner, bind, port)
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, bind: str, port: int) -> None:
    try:
        await web.TCPSite(runner, bind, port, backlog=512).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"port {port} at {bind} is taken by another program: end it, or set IVR_HTTP_PORT to a free port"
            ) from None
        raise PortTaken(f"cannot listen at {bind}:{port} ({error.strerror}): mend IVR_BIND or IVR_HTTP_PORT") from None
