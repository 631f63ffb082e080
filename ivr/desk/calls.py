"""/api/v1/calls: the calls in progress."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from ivr.calllog.state import CallState
from ivr.desk.fields import View, moment
from ivr.desk.masking import Identification, identification, phone
from ivr.desk.roles import READERS, Role
from ivr.desk.routes import PRINCIPAL, Routes

LIMIT = 1000
"""Calls in one answer; ``total`` says how many there are."""


class CallAnswer(View):
    """A call in progress. ``stage``: ``menu``, ``queue``, ``ringing`` or ``talking``."""

    id: str
    ticket: int
    stage: str
    started: datetime
    line: str
    region: str
    language: str
    caller: str
    section: str
    category: str
    path: list[str]
    identification: list[Identification]
    queue: str
    waiting_since: datetime | None
    operator: str


class CallList(BaseModel):
    """Calls in progress, the oldest first."""

    calls: list[CallAnswer]
    total: int


class LiveCalls(Protocol):
    """What the engine knows of the calls that it holds."""

    def calls(self) -> Iterable[CallState]:
        """Every call in progress."""
        ...


LIVE: web.AppKey[LiveCalls] = web.AppKey("live", LiveCalls)

routes = Routes()


@routes.get("/api/v1/calls", roles=READERS)
async def list_calls(request: web.Request) -> CallList:
    """The calls in progress."""
    calls = sorted(request.app[LIVE].calls(), key=lambda call: call.started)
    role = request[PRINCIPAL].role
    return CallList(calls=[call_answer(call, role) for call in calls[:LIMIT]], total=len(calls))


def call_answer(call: CallState, role: Role) -> CallAnswer:
    """The call as this role sees it."""
    return CallAnswer(
        id=call.call_id,
        ticket=call.ticket,
        stage=_stage(call),
        started=moment(call.started),
        line=call.line,
        region=call.region,
        language=call.language,
        caller=phone(call.caller, role),
        section=call.section,
        category=call.category,
        path=call.path[-100:],
        identification=identification(call.identifiers),
        queue=call.queue,
        waiting_since=moment(call.queued_since) if call.waiting and call.queued_since is not None else None,
        operator=call.operator or call.offered_to,
    )


def _stage(call: CallState) -> str:
    if call.talking:
        return "talking"
    if call.offered_to:
        return "ringing"
    return "queue" if call.waiting else "menu"
