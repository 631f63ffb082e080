"""/api/v1/tickets: every contact, its events and its status."""

from __future__ import annotations

from typing import Protocol, TypeVar

from aiohttp import web

from ivr.desk.masking import phone
from ivr.desk.problems import FieldError, Problem
from ivr.desk.roles import READERS, STAFF, Role
from ivr.desk.routes import PRINCIPAL, Routes
from ivr.desk.ticket_forms import (
    CallbackAnswer,
    StatusChanged,
    TicketAnswer,
    TicketChange,
    TicketList,
    TicketQuery,
    WholeTicket,
    WrappedUp,
)
from ivr.identifiers.ticket_number import is_valid
from ivr.tickets.models import Ticket
from ivr.tickets.statuses import STATUSES, StatusRefused
from ivr.tickets.tickets import Filter, Found, Page, TicketChanged, TicketUnknown
from ivr.tickets.views import event_view


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
