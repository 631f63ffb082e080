"""/api/v1/emergency: queues that are closed, or sent elsewhere, at once and until a time."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Protocol

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, Field

from ivr.desk.fields import Body, Reason, Word, moment
from ivr.desk.problems import FieldError, Problem
from ivr.desk.queues import QUEUES
from ivr.desk.roles import LEADERS
from ivr.desk.routes import PRINCIPAL, Routes
from ivr.flow.emergency import LONGEST, Announcement, Measure

PromptName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""A prompt, as its text's file is called."""


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


class AnnouncementBody(Body):
    """Every caller hears this prompt ``until`` then."""

    prompt: PromptName
    until: AwareDatetime
    why: Reason


class AnnouncementAnswer(BaseModel):
    """What every caller hears; ``by`` ordered it, ``since`` when."""

    prompt: str
    until: datetime
    why: str
    by: str
    since: datetime


class EmergencyAnswer(BaseModel):
    """What is in force now: the measures by queue, and the announcement for all."""

    measures: list[MeasureAnswer]
    announcement: AnnouncementAnswer | None


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

    def announcement(self) -> Announcement | None:
        """What all callers are to hear now."""
        ...

    def announce(self, announcement: Announcement) -> None:
        """All callers hear it from now on."""
        ...

    def end_announcement(self, by: str) -> bool:
        """Whether there was one to end."""
        ...


class Announceable(Protocol):
    """The running hotline's configuration, as far as it is used here."""

    def announceable(self) -> Collection[str]:
        """Prompts that can be said in every language, and take no values."""
        ...


EMERGENCIES: web.AppKey[Emergencies] = web.AppKey("emergencies", Emergencies)
ANNOUNCEABLE: web.AppKey[Announceable] = web.AppKey("announceable", Announceable)

routes = Routes()


@routes.get("/api/v1/emergency", roles=LEADERS)
async def list_measures(request: web.Request) -> EmergencyAnswer:
    """What is in force, until when, by whom and why."""
    emergencies = request.app[EMERGENCIES]
    announcement = emergencies.announcement()
    return EmergencyAnswer(
        measures=[_answer(each) for each in emergencies.measures()],
        announcement=None if announcement is None else _announced(announcement),
    )


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


@routes.post("/api/v1/announcement", roles=LEADERS, status=201)
async def announce(request: web.Request, *, body: AnnouncementBody) -> AnnouncementAnswer:
    """Every call that begins from now on hears this prompt after its greeting; one before it is over."""
    now, until = time.time(), body.until.timestamp()
    wrong = _untimely(until, now)
    if body.prompt not in request.app[ANNOUNCEABLE].announceable():
        wrong.append(FieldError("#/prompt", "prompt_wrong", {}))
    if wrong:
        raise Problem("values-wrong", errors=wrong)
    announcement = Announcement(body.prompt, until, request[PRINCIPAL].name, body.why, now)
    request.app[EMERGENCIES].announce(announcement)
    return _announced(announcement)


@routes.delete("/api/v1/announcement", roles=LEADERS)
async def end_announcement(request: web.Request) -> None:
    """Calls that begin from now on hear it no more."""
    if not request.app[EMERGENCIES].end_announcement(request[PRINCIPAL].name):
        raise Problem("announcement-none")


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


def _announced(given: Announcement) -> AnnouncementAnswer:
    return AnnouncementAnswer(
        prompt=given.prompt, until=moment(given.until), why=given.why, by=given.by, since=moment(given.since)
    )
