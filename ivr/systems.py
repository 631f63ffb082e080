"""The owner's systems, asked over HTTP: signed, limited in time and size, and told of in no log but by name.

The signature is a header, ``X-Kommutator-Signature: t=SECONDS,v1=HEX``: the HMAC-SHA256 of ``SECONDS.BODY`` with the
system's secret. Whoever receives it compares, and refuses an old ``t``, so that nobody else can ask and no request can
be sent again.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import aiohttp
import structlog

from ivr.around import SystemFailed
from ivr.flow.outside import System

log = structlog.get_logger(__name__)

SIGNATURE = "X-Kommutator-Signature"
MOST_BYTES = 65536
LONGEST_WORD = 64
"""Characters of a value that a flow can look at; longer ones are left out, as are those that cannot be printed."""


def signature(secret: str, at: int, body: bytes) -> str:
    """The header's value for ``body`` sent ``at`` (seconds since 1970)."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class HttpSystems:
    """An ivr.around.Systems. ``environment`` holds the secrets; ``now``: the wall clock (s since 1970)."""

    def __init__(self, environment: Mapping[str, str], now: Callable[[], float]) -> None:
        self._environment, self._now = environment, now
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Systems can be asked for as long as this lasts."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as self._session:
            yield
        self._session = None

    async def ask(self, system: System, told: Mapping[str, str]) -> Mapping[str, str]:
        """As Systems.ask."""
        try:
            async with asyncio.timeout(system.wait):
                return await self._asked(system, json.dumps(dict(told)).encode())
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError, RecursionError) as error:
            why = str(error) if isinstance(error, _Refused) else type(error).__name__
            log.warning("a system did not answer", system=system.name, why=why)
            raise SystemFailed(system.name) from None

    async def _asked(self, system: System, body: bytes) -> Mapping[str, str]:
        secret = self._environment.get(system.secret, "")
        if not secret or self._session is None:
            raise _Refused(f"{system.secret} is not set" if not secret else "the engine is stopping")
        headers = {SIGNATURE: signature(secret, int(self._now()), body), "Content-Type": "application/json"}
        async with self._session.post(system.url, data=body, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200:
                raise _Refused(f"status {answer.status}")
            return _words(await _limited(answer))


class _Refused(ValueError):
    """No answer to use; the words hold nothing of the call."""


async def _limited(answer: aiohttp.ClientResponse) -> bytes:
    """The whole body, if it is not too long."""
    body = b""
    async for part in answer.content.iter_any():
        body += part
        if len(body) > MOST_BYTES:
            raise _Refused(f"more than {MOST_BYTES} bytes")
    return body


def _words(body: bytes) -> dict[str, str]:
    """The words and numbers of a JSON object; true and false as ``yes`` and ``no``."""
    answer = json.loads(body)
    if not isinstance(answer, dict):
        raise _Refused("not a JSON object")
    found = {str(key): _word(value) for key, value in answer.items() if isinstance(value, str | int | float)}
    return {key: word for key, word in found.items() if len(word) <= LONGEST_WORD and (key + word).isprintable()}


def _word(value: str | float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
