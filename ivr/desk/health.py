"""/healthz: the process answers. /readyz: calls can be served, each condition in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import structlog
from aiohttp import web
from pydantic import BaseModel

from ivr.desk.failures import language
from ivr.desk.roles import PUBLIC
from ivr.desk.routes import Routes
from ivr.logs import places
from ivr.messages import Message, told

_log = structlog.get_logger(__name__)

PROBE_SECONDS = 2.0
"""How long one condition may take to be looked at."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds, in words that say what to mend when it does not: a Message, to be told in Russian."""

    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: ``asterisk``, ``database``, ``spool``, ``configuration``.

    ``vital``: calls cannot be served without it. What is not is shown all the same.
    """

    name: str
    probe: Callable[[], Awaitable[Verdict]]
    vital: bool = True


class Condition(BaseModel):
    """One condition, as it is sent."""

    name: str
    ok: bool
    words: str
    vital: bool


class Readiness(BaseModel):
    """Whether calls can be served now."""

    ready: bool
    checks: list[Condition]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


CHECKS: web.AppKey[Sequence[Check]] = web.AppKey("checks", Sequence[Check])

routes = Routes()


@routes.get("/healthz", roles=PUBLIC)
async def healthz(_request: web.Request) -> Alive:
    """Whether the process answers; says nothing of what it depends on."""
    return Alive()


@routes.get("/readyz", roles=PUBLIC)
async def readyz(request: web.Request) -> web.Response:
    """Whether calls can be served: 200, or 503 with the conditions that do not hold, in words."""
    answer = await readiness(request.app[CHECKS], language(request))
    return web.json_response(text=answer.model_dump_json(), status=200 if answer.ready else 503)


async def readiness(checks: Sequence[Check], language: str) -> Readiness:
    """Look at every condition at the same time."""
    conditions = await asyncio.gather(*(_look(check, language) for check in checks))
    return Readiness(ready=all(each.ok or not each.vital for each in conditions), checks=conditions)


async def _look(check: Check, language: str) -> Condition:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            verdict = await check.probe()
    except TimeoutError:
        verdict = Verdict(ok=False, words=Message("condition-slow", seconds=round(PROBE_SECONDS)))
    except Exception as error:  # a probe that fails is a condition that does not hold
        _log.warning("readyz: a probe failed", check=check.name, error=type(error).__name__, at=places(error))
        verdict = Verdict(ok=False, words=Message("condition-unseen"))
    return Condition(name=check.name, ok=verdict.ok, words=told(verdict.words, language), vital=check.vital)
