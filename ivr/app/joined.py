"""This engine's place among others at a Redis, where IVR_REDIS_URL names one."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

from ivr.settings import Settings
from routing.bus.redis_link import RedisLink
from routing.events import OperatorStateChanged
from routing.fleet.fleet import Fleet
from routing.router import Router


def fleet(
    settings: Settings, clock: Callable[[], float], on_operator: Callable[[OperatorStateChanged], None]
) -> Fleet | None:
    """The fleet as this engine sees it; None for an engine that routes by itself. ``clock``: the dispatcher's (s)."""
    if not settings.redis_url:
        return None
    name = settings.engine or f"{socket.gethostname()}-{settings.http_port}"
    return Fleet(RedisLink(settings.redis_url, name), router, clock, on_operator=on_operator)


def router() -> Router:
    """A new one; its tokens cannot be guessed."""
    return Router(tokens=lambda: secrets.token_hex(8))
