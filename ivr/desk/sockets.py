"""WebSockets of the API: opened alike, and closed when the hotline stops."""

from __future__ import annotations

from weakref import WeakSet

from aiohttp import WSCloseCode, web


class Sockets:
    """The sockets that are open."""

    def __init__(self) -> None:
        self.open: WeakSet[web.WebSocketResponse] = WeakSet()


SOCKETS: web.AppKey[Sockets] = web.AppKey("sockets", Sockets)

MESSAGE_LIMIT = 64 * 1024
"""Bytes of one message from a browser."""


async def open_socket(request: web.Request, *protocols: str) -> web.WebSocketResponse:
    """The WebSocket that this request asks for. Raises an HTTP error for one that asks for none."""
    socket = web.WebSocketResponse(protocols=protocols, heartbeat=20.0, max_msg_size=MESSAGE_LIMIT)
    await socket.prepare(request)
    request.app[SOCKETS].open.add(socket)
    return socket


def join(app: web.Application) -> None:
    """Let go of every socket when the application stops."""
    app[SOCKETS] = Sockets()
    app.on_shutdown.append(_close)


async def _close(app: web.Application) -> None:
    for socket in list(app[SOCKETS].open):
        await socket.close(code=WSCloseCode.GOING_AWAY)
