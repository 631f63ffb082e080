"""/api/v1/tickets: every contact, its events and its status."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol, TypeVar

from aiohttp import web
from pydantic import BaseModel, Field

from ivr.calllog.events import End
from ivr.desk.fields import Body, OperatorId, Phone, Reason, View, Word
from ivr.desk.masking import Identification, phone
from ivr.desk.problems import FieldError, Problem
from ivr.desk.roles import READERS, STAFF, Role
from ivr.desk.routes import PRINCIPAL, Routes
from ivr.identifiers.ticket_number import is_valid
from ivr.tickets.models import Ticket
from ivr.tickets.statuses import STATUSES, StatusRefused
from ivr.tickets.tickets import Filter, Found, Page, TicketChanged, TicketUnknown
from ivr.tickets.views import event_view

Status = StrEnum("Status", {key.replace("-", "_").upper(): key for key in STATUSES})  # type: ignore[misc]
"""Keys of ivr.tickets.statuses."""


class TicketQuery(Body):
    """Which tickets, and how many; every field narrows.

    ``version``: how it begins; ``after``: the ``next`` of the page before.
    """

    phone: Phone | None = None
    line: Word | None = None
    region: Word | None = None
    section: Word | None = None
    category: Word | None = None
    queue: Word | None = None
    operator: OperatorId | None = None
    end: End | None = None
    status: Status | None = None
    version: Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, Field(pattern=r"^[0-9T.]{1,30}-[0-9]{1,15}$")] | None = None


class TicketAnswer(View):
    """A ticket. ``caller``: E.164, masked for roles that do not need it, "" when withheld. Waits in seconds.

    ``version``: of the configuration that the call ran on.
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
    identification: Annotated[list[Identification], Field(validation_alias="identifiers")]
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


class WholeTicket(TicketAnswer):
    """A ticket with its past. ``allowed``: statuses that may follow; ``events``: its call's, in their order.

    ``wrap_ups``: what operators said came of it; the last one counts.
    """

    callback: CallbackAnswer | None
    history: list[StatusChanged]
    wrap_ups: list[WrappedUp]
    allowed: list[str]
    events: list[dict[str, Any]]


class TicketList(BaseModel):
    """Some tickets, the newest first. ``next``: the ``after`` of the following page; null at the end."""

    tickets: list[TicketAnswer]
    next: str | None


class TicketChange(Body):
    """The status to move to. ``expected``: the one that the client saw, so that two changes do not collide."""

    status: Status
    reason: Reason | None = None
    expected: Status | None = None


class Tickets(Protocol):
    """ivr.tickets.tickets.Tickets, as far as it is used here. Every method raises DatabaseError."""

    async def list(self, wanted: Filter | None = None, *, limit: int = 50, after: str | None = None) -> Page:
        """A page, the newest first. Raises ValueError for a wrong ``after``."""
        ...

    async def get(self, number: int) -> Found | None:
        """The ticket with its past."""
        ...

    async def set_status(
        self, number: int, status: str, *, by: str, reason: str = "", expected: str | None = None
    ) -> Ticket:
        """Move it on. Raises TicketUnknown, StatusRefused, TicketChanged."""
        ...

    async def wrap_up(self, number: int, code: str, *, by: str) -> None:
        """Keep what came of the call. Raises TicketUnknown."""
        ...


Answer = TypeVar("Answer", bound=TicketAnswer)

REASONED = frozenset({"refused", "rejected"})
"""Statuses that the applicant is told the reason of."""

TICKETS: web.AppKey[Tickets] = web.AppKey("tickets", Tickets)

ONE = "/api/v1/tickets/{number:[0-9]{1,14}}"

routes = Routes()


@routes.get("/api/v1/tickets", roles=READERS)
async def list_tickets(request: web.Request, *, query: TicketQuery) -> TicketList:
    """Tickets, the newest first."""
    wanted = Filter(caller=query.phone, **query.model_dump(exclude={"phone", "limit", "after"}))
    try:
        page = await request.app[TICKETS].list(wanted, limit=query.limit, after=query.after)
    except ValueError:
        raise Problem("values-wrong", errors=[FieldError("?after", "cursor_unknown", {})]) from None
    role = request[PRINCIPAL].role
    return TicketList(
        tickets=[_shown(TicketAnswer.model_validate(each), role) for each in page.tickets], next=page.next
    )


@routes.get(ONE, roles=READERS)
async def get_ticket(request: web.Request) -> WholeTicket:
    """One ticket: its path through the menus, its call's events and its changes of status."""
    number = number_of(request)
    found = await request.app[TICKETS].get(number)
    if found is None:
        raise Problem("ticket-unknown", number=number)
    return _whole(found, request[PRINCIPAL].role)


@routes.patch(ONE, roles=STAFF)
async def change_ticket(request: web.Request, *, body: TicketChange) -> WholeTicket:
    """Move a ticket to another status; one that may not follow is refused with those that may."""
    number = number_of(request)
    if body.status in REASONED and not body.reason:
        raise Problem("reason-missing", after=body.status)
    by, reason = request[PRINCIPAL].name, body.reason or ""
    try:
        await request.app[TICKETS].set_status(number, body.status, by=by, reason=reason, expected=body.expected)
    except TicketUnknown:
        raise Problem("ticket-unknown", number=number) from None
    except (StatusRefused, TicketChanged) as error:
        raise await _collision(request, number, body, error) from None
    return await get_ticket(request)


async def _collision(request: web.Request, number: int, body: TicketChange, error: Exception) -> Problem:
    """Why the status may not follow: told by what the ticket is in now."""
    found = await request.app[TICKETS].get(number)
    if found is None:
        return Problem("ticket-unknown", number=number)
    before = found.ticket.status
    if isinstance(error, TicketChanged):
        return Problem("ticket-changed", number=number, before=before, expected=body.expected)
    return Problem("status-forbidden", before=before, after=body.status, allowed=STATUSES[before].next)


def number_of(request: web.Request) -> int:
    """The number in the path. Raises Problem when its check digit says that it is mistyped."""
    number = int(request.match_info["number"])
    if not is_valid(str(number)):
        raise Problem("ticket-number-mistyped", number=request.match_info["number"])
    return number


def _whole(found: Found, role: Role) -> WholeTicket:
    answer = TicketAnswer.model_validate(found.ticket)
    events = [{"seq": entry.seq, **event_view(entry.event)} for entry in found.events]
    for event in events:
        if "caller" in event:
            event["caller"] = phone(event["caller"], role)
    callback = found.ticket.callback
    whole = WholeTicket(
        **dict(answer),
        callback=CallbackAnswer.model_validate(callback) if callback is not None else None,
        history=[StatusChanged.model_validate(each) for each in found.ticket.history],
        wrap_ups=[WrappedUp.model_validate(each) for each in found.ticket.wrap_ups],
        allowed=list(STATUSES[found.ticket.status].next),
        events=events,
    )
    return _shown(whole, role)


def _shown(answer: Answer, role: Role) -> Answer:
    """What this role may see of it."""
    return answer.model_copy(update={"caller": phone(answer.caller, role)})
