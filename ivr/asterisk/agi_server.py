"""FastAGI for our own Asterisk: Asterisk connects once for each call, a handler serves it until it ends.

FastAGI has no authentication, so the server listens on loopback, takes only peers that are listed, and gives
nobody more time, memory or connections than a call needs.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from ivr.asterisk.agi_session import AgiSession
from ivr.channel import CallerGone

log = logging.getLogger(__name__)

OTHER_FILES = 256
"""Open files that are kept for everything but calls."""

PEERS = 64
"""Addresses of which it is remembered whether they may connect: in practice one, Asterisk's."""

Handler = Callable[[AgiSession], Awaitable[None]]
"""Serves one call; when it returns, Asterisk goes on in its dialplan."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a peer may take. ``sessions``: connections at one time; beyond it Asterisk's own fallback answers.

    ``header``: seconds for a header. ``farewell``: seconds that handlers have to end when the server stops.
    """

    sessions: int = 4_000
    header: float = 5.0
    farewell: float = 5.0


class AgiServer:
    """Accepts calls from Asterisk between the ends of ``running``."""

    def __init__(
        self,
        handler: Handler,
        *,
        host: str = "127.0.0.1",
        port: int = 4573,
        peers: tuple[str, ...] = ("127.0.0.0/8", "::1/128"),
        limits: Limits | None = None,
    ) -> None:
        """``peers``: the networks that Asterisk may connect from. Port 0 takes a free one."""
        self.host, self.port = host, port
        self._handler = handler
        self._allowed = lru_cache(PEERS)(partial(_within, [ip_network(peer) for peer in peers]))
        self._limits = limits or Limits()
        self._headers: dict[AgiSession, asyncio.TimerHandle] = {}  # connected, header not complete
        self._calls: dict[AgiSession, asyncio.Task[None]] = {}
        self._most = self._limits.sessions
        self._tasks: asyncio.TaskGroup | None = None  # None: not running, or stopping

    @property
    def sessions(self) -> int:
        """Connections at this moment."""
        return len(self._headers) + len(self._calls)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[AgiServer]:
        """Listen; at the end tell every session, and wait for their handlers.

        Raises OSError, with the mend, when the port cannot be had.
        """
        self._most = min(self._limits.sessions, connections_possible(self._limits.sessions))
        server = await self._listen()
        failure: Exception | None = None
        async with asyncio.TaskGroup() as self._tasks:
            try:
                yield self
            except Exception as error:  # the group would wrap it; whoever raised it expects it bare
                failure = error
            finally:
                server.close()
                overdue = self._stop()
        overdue.cancel()
        if failure is not None:
            raise failure

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(lambda: AgiSession(self), self.host, self.port, backlog=1024)
            for each in server.sockets:  # what is accepted inherits it: a host that vanished must hold no call for ever
                each.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        except OSError as error:
            mend = "if another hotline runs here, set IVR_AGI_PORT to a free port"
            text = f"FastAGI cannot listen on {self.host}:{self.port} ({error.strerror}); {mend}"
            raise OSError(error.errno, text) from error
        self.port = server.sockets[0].getsockname()[1]
        return server

    def _stop(self) -> asyncio.TimerHandle:
        """Handlers see CallerGone(lost=True) and may end in their own way; those that do not are cancelled."""
        self._tasks = None
        for session in [*self._headers, *self._calls]:
            session.close("the engine stops")
        return asyncio.get_running_loop().call_later(self._limits.farewell, self._cancel)

    def _cancel(self) -> None:
        for task in self._calls.values():
            task.cancel()

    # What follows is called by the sessions.

    def opened(self, session: AgiSession) -> None:
        """A peer connected."""
        loop = asyncio.get_running_loop()
        limit = self._limits.header
        self._headers[session] = loop.call_later(limit, session.close, f"no complete header within {limit:g} s")
        if self._tasks is None:
            session.close("the engine stops")
        elif not self._allowed(session.peer):
            session.close("a peer that is not on the list")
        elif self.sessions > self._most:
            session.close(f"more than {self._most} connections")

    def ready(self, session: AgiSession) -> None:
        """The header is complete: serve the call."""
        assert self._tasks is not None, "a stopped server has closed its sessions"
        self._headers.pop(session).cancel()
        self._calls[session] = self._tasks.create_task(self._serve(session))

    def ended(self, session: AgiSession) -> None:
        """The connection has ended."""
        timer = self._headers.pop(session, None)
        if timer is not None:
            timer.cancel()
            log.warning("FastAGI peer %s turned away: %s", session.peer, session.reason)
        elif session.faulty:
            log.warning("FastAGI peer %s cut off: %s", session.peer, session.reason)

    async def _serve(self, session: AgiSession) -> None:
        try:
            await self._handler(session)
        except CallerGone:
            log.debug("a handler left CallerGone to the server")
        except Exception:
            log.exception("a call failed; Asterisk goes on in its dialplan")
        finally:
            session.finish()
            del self._calls[session]


def _within(networks: list[IPv4Network | IPv6Network], peer: str) -> bool:
    """Whether an address is in one of these."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in networks)


def connections_possible(wanted: int) -> int:
    """How many the process may hold open, its limit of open files raised for them as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else max(1, soft - OTHER_FILES)
