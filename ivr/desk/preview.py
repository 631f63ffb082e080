"""/api/v1/dialplans/preview: what the files in the folder would do to the calls that wait now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from ivr.desk.dialplans import faults_said
from ivr.desk.failures import language
from ivr.desk.fields import moment
from ivr.desk.problems import Wrong
from ivr.desk.roles import LEADERS
from ivr.desk.routes import Routes
from ivr.flow.problem import Problem as Fault
from ivr.golive.fate import Outcome
from ivr.golive.standing import Foreseen

LIMIT = 1000
"""Waiting calls in one answer; ``total`` says how many there are."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a reload. ``version``: of the files, "" when they do not pass and so change nothing."""

    version: str
    problems: tuple[Fault, ...]
    waiting: list[Foreseen]


class WaitingCall(BaseModel):
    """A call that waits in ``queue`` at a node, and what becomes of it.

    ``fate``: kept, re-evaluated (other ``needs``, from the same time on), moved (to the queue ``to``) or leaves (for
    the place ``to``: a flow's node, or ``(end)``). ``needs`` and ``max_wait`` (s): what it waits with from then on.
    """

    ticket: int
    flow: str
    node: str
    queue: str
    waiting_since: datetime | None
    fate: Outcome
    to: str
    needs: dict[str, int]
    max_wait: float


class PreviewAnswer(BaseModel):
    """``version``: of the files, "" when they do not pass: then nobody's wait changes. The longest waiting first."""

    version: str
    problems: list[Wrong]
    waiting: list[WaitingCall]
    total: int


class Previewing(Protocol):
    """The running hotline's configuration, as far as it is used here."""

    async def preview(self) -> Preview:
        """Examine the folder; nothing is changed."""
        ...


PREVIEWING: web.AppKey[Previewing] = web.AppKey("previewing", Previewing)

routes = Routes()


@routes.get("/api/v1/dialplans/preview", roles=LEADERS)
async def preview(request: web.Request) -> PreviewAnswer:
    """What the files in the folder would do to the calls that wait now, were they to go live."""
    seen = await request.app[PREVIEWING].preview()
    waiting = [_call(each) for each in seen.waiting[:LIMIT]]
    problems = [each.told(language(request)) for each in faults_said(seen.problems, "error")]
    return PreviewAnswer(version=seen.version, problems=problems, waiting=waiting, total=len(seen.waiting))


def _call(foreseen: Foreseen) -> WaitingCall:
    state, request = foreseen.call, foreseen.fate.request
    return WaitingCall(
        ticket=state.ticket,
        flow=state.flow,
        node=state.node,
        queue=foreseen.queue,
        waiting_since=None if state.queued_since is None else moment(state.queued_since),
        fate=foreseen.fate.outcome,
        to=request.queue if foreseen.fate.outcome is Outcome.MOVED else foreseen.fate.to,
        needs=request.needs,
        max_wait=request.max_wait,
    )
