"""/api/v1/emergency: queues that are closed, or sent elsewhere, at once and until a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from aiohttp import web
from pydantic import AwareDatetime, BaseModel

from ivr.desk.fields import Body, Reason, Word, moment
from ivr.desk.problems import FieldError, Problem
from ivr.desk.queues import QUEUES
from ivr.desk.roles import LEADERS
from ivr.desk.routes import PRINCIPAL, Routes
from ivr.flow.emergency import LONGEST, Measure


class MeasureBody(Body):
    """``queue`` takes no calls ``until`` then: they go ``to`` another, without it where they go when it is closed."""

    queue: Word
    to: Word | None = None
    until: AwareDatetime
    why: Reason


class MeasureAnswer(BaseModel):
    """A measure in force: ``by`` ordered it, ``since`` when. ``to`` is null for a queue that is closed."""

    queue: str
    to: str | None
    until: datetime
    why: str
    by: str
    since: datetime


class MeasureList(BaseModel):
    """Those in force now, by queue."""

    measures: list[MeasureAnswer]


class Emergencies(Protocol):
    """ivr.emergencies.Emergencies, as far as it is used here."""

    def measures(self) -> Sequence[Measure]:
        """Those in force now."""
        ...

    def take(self, measure: Measure) -> None:
        """It is in force from now on."""
        ...

    def end(self, queue: str, by: str) -> bool:
        """Whether there was one to end."""
        ...


EMERGENCIES: web.AppKey[Emergencies] = web.AppKey("emergencies", Emergencies)

routes = Routes()


@routes.get("/api/v1/emergency", roles=LEADERS)
async def list_measures(request: web.Request) -> MeasureList:
    """What is in force, until when, by whom and why."""
    return MeasureList(measures=[_answer(each) for each in request.app[EMERGENCIES].measures()])


@routes.post("/api/v1/emergency", roles=LEADERS, status=201)
async def take_measure(request: web.Request, *, body: MeasureBody) -> MeasureAnswer:
    """Close a queue, or send it to another, at once: who comes, and who waits. One before it for the queue is over."""
    now, until = time.time(), body.until.timestamp()
    if wrong := [*_unknown(request, body), *_untimely(until, now)]:
        raise Problem("values-wrong", errors=wrong)
    measure = Measure(body.queue, until, request[PRINCIPAL].name, body.why, now, body.to or "")
    request.app[EMERGENCIES].take(measure)
    return _answer(measure)


@routes.delete("/api/v1/emergency/{queue}", roles=LEADERS)
async def end_measure(request: web.Request) -> None:
    """The queue takes calls again as ever; who was sent elsewhere stays there."""
    queue = request.match_info["queue"]
    if not request.app[EMERGENCIES].end(queue, request[PRINCIPAL].name):
        raise Problem("emergency-unknown", queue=queue[:64])


def _unknown(request: web.Request, body: MeasureBody) -> list[FieldError]:
    """A queue that is not there, and one that is to be sent to itself."""
    known = [each.name for each in request.app[QUEUES].queues()]
    others = [name for name in known if name != body.queue]
    wrong = [] if body.queue in known else [FieldError("#/queue", "enum", {"expected": ", ".join(known)})]
    if body.to is not None and body.to not in others:
        wrong.append(FieldError("#/to", "enum", {"expected": ", ".join(others) or "—"}))
    return wrong


def _untimely(until: float, now: float) -> list[FieldError]:
    if now < until <= now + LONGEST:
        return []
    return [FieldError("#/until", "until_wrong", {"days": round(LONGEST / 86400)})]


def _answer(measure: Measure) -> MeasureAnswer:
    return MeasureAnswer(
        queue=measure.queue,
        to=measure.to or None,
        until=moment(measure.until),
        why=measure.why,
        by=measure.by,
        since=moment(measure.since),
    )
