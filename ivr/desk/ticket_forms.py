"""Tickets as the API takes and gives them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field

from ivr.calllog.events import End
from ivr.desk.fields import Body, OperatorId, Phone, View, Word
from ivr.desk.masking import Identification
from ivr.flow.escalation import LEVELS
from ivr.tickets.events import CHANNELS
from ivr.tickets.listing import Sort
from ivr.tickets.statuses import STATUSES

Status = StrEnum("Status", {key.replace("-", "_").upper(): key for key in STATUSES})  # type: ignore[misc]
"""Keys of ivr.tickets.statuses."""

Channel = StrEnum("Channel", {each.replace("-", "_").upper(): each for each in CHANNELS})  # type: ignore[misc]
Level = StrEnum("Level", {each.replace("-", "_").upper(): each for each in LEVELS})  # type: ignore[misc]


class TicketQuery(Body):
    """Which tickets, and how many; every field narrows.

    ``words``: all of them, in any form, in its demand, comments or outcome; the newest are found first. ``sort``:
    ``due`` lists those alone that have a term that runs. ``version``: how it begins.
    ``after``: the ``next`` of the page before.
    """

    phone: Phone | None = None
    line: Word | None = None
    region: Word | None = None
    section: Word | None = None
    category: Word | None = None
    queue: Word | None = None
    operator: OperatorId | None = None
    assignee: OperatorId | None = None
    channel: Channel | None = None
    level: Level | None = None
    end: End | None = None
    status: Status | None = None
    version: Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")] | None = None
    words: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    sort: Sort = Sort.NEWEST
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, Field(pattern=r"^[0-9T.]{1,30}-[0-9]{1,15}$")] | None = None


class TicketAnswer(View):
    """A ticket. ``caller``: E.164, masked for roles that do not need it, "" when withheld. Waits in seconds.

    ``version``: of the configuration that the call ran on. ``due_at``: when it is overdue, null once it is closed and
    while documents are awaited; ``expected_on``: the day that the applicant is told. ``level``: to whom it was handed
    up. ``priority``: from 0 (usual) to 9.
    """

    number: int
    call_id: str
    registered_at: datetime
    channel: str
    line: str
    region: str
    language: str
    called: str
    dialled: str
    version: str
    caller: str
    flow: str
    path: list[str]
    section: str
    category: str
    identification: Annotated[list[Identification], Field(validation_alias="identifying")]
    unidentified: str
    queue: str
    queued_at: datetime | None
    wait_seconds: float | None
    operator: str
    answered_at: datetime | None
    talk_seconds: float
    recording: str
    unrecorded: str
    message: str
    ended_at: datetime | None
    end: str | None
    rating: int | None
    status: str
    status_changed_at: datetime
    expected_on: date | None
    due_at: datetime | None
    complexity: int
    priority: int
    assignee: str
    level: str
    first_call_resolved: bool | None
    revision: int


class StatusChanged(View):
    """One change of a ticket's status."""

    at: datetime
    before: str
    after: str
    by: str
    reason: str


class WrappedUp(View):
    """What somebody said came of the call: a code of /api/v1/wrap-up-codes."""

    at: datetime
    code: str
    by: str


class CallbackAnswer(View):
    """A call back that was asked for, with its own status. ``masked``: the number; ``since``: from when they wait."""

    queue: str
    since: datetime
    opens_at: datetime
    closes_at: datetime
    masked: str
    status: str


class Comment(View):
    """Something that somebody noted."""

    at: datetime
    by: str
    text: str


class Link(View):
    """Another ticket that it belongs with, and why: ``same-person``, ``same-matter``, ``said``."""

    number: Annotated[int, Field(validation_alias="to")]
    why: str


class Attachment(View):
    """A file, kept under its SHA-256."""

    name: str
    media: str
    size: int
    sha256: str


class WholeTicket(TicketAnswer):
    """A ticket with its past. ``allowed``: statuses that may follow; ``events``: its call's, in their order.

    ``wrap_ups``: what operators said came of it; the last one counts. ``applicant``: kind -> what may be shown of it;
    ``notice``: how they want to be told of changes. ``log``: what people and rules did to it.
    """

    demand: str
    outcome: str
    priority_reason: str
    applicant: dict[str, str]
    notice: str
    comments: list[Comment]
    links: list[Link]
    attachments: list[Attachment]
    log: list[dict[str, Any]]
    callback: CallbackAnswer | None
    history: list[StatusChanged]
    wrap_ups: list[WrappedUp]
    allowed: list[str]
    events: list[dict[str, Any]]


class TicketList(BaseModel):
    """Some tickets, the newest first. ``next``: the ``after`` of the following page; null at the end."""

    tickets: list[TicketAnswer]
    next: str | None
