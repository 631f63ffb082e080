"""Lets go of peers that connect and never say what they want: aiohttp itself waits for a first request for ever."""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_protocol import RequestHandler

FIRST_REQUEST_SECONDS = 10.0
"""How long a new connection may take to send the head of its first request."""


class Impatience:
    """A connection's first request must arrive within ``seconds``; what follows has aiohttp's keep-alive limit."""

    def __init__(self, seconds: float = FIRST_REQUEST_SECONDS) -> None:
        self._seconds = seconds
        self._silent: dict[RequestHandler, asyncio.TimerHandle] = {}

    def expect(self, connection: RequestHandler) -> RequestHandler:
        """A new connection, that has said nothing yet."""
        loop = asyncio.get_running_loop()
        self._silent[connection] = loop.call_later(self._seconds, self._give_up, connection)
        return connection

    def join(self, app: web.Application) -> None:
        """Hear every request of the application."""
        app.middlewares.insert(0, self._middleware())

    def _middleware(self) -> Middleware:
        @web.middleware
        async def hear(request: web.Request, handler: Handler) -> web.StreamResponse:
            timer = self._silent.pop(request.protocol, None)
            if timer is not None:
                timer.cancel()
            return await handler(request)

        return hear

    def _give_up(self, connection: RequestHandler) -> None:
        del self._silent[connection]
        connection.force_close()
