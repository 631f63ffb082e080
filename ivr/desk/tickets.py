"""/api/v1/tickets: every contact: listed, read whole, opened and changed."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Protocol, TypeVar

from aiohttp import web

from ivr.desk.fields import moment
from ivr.desk.masking import phone
from ivr.desk.problems import FieldError, Problem
from ivr.desk.roles import READERS, Role
from ivr.desk.routes import HEADERS, PRINCIPAL, Routes
from ivr.desk.ticket_forms import (
    Attachment,
    CallbackAnswer,
    Comment,
    Link,
    StatusChanged,
    TicketAnswer,
    TicketList,
    TicketQuery,
    WholeTicket,
    WrappedUp,
)
from ivr.identifiers.ticket_number import is_valid
from ivr.tickets.editing import Making
from ivr.tickets.events import AnyTicketEvent, Opened, Said
from ivr.tickets.models import Ticket
from ivr.tickets.state import TicketState
from ivr.tickets.statuses import STATUSES
from ivr.tickets.tickets import Filter, Found, Page, TicketChanged, TicketUnknown
from ivr.tickets.views import event_view


class Tickets(Protocol):
    """ivr.tickets.tickets.Tickets, as far as it is used here. Every method raises DatabaseError."""

    async def list(self, wanted: Filter | None = None, *, limit: int = 50, after: str | None = None) -> Page:
        """A page, the newest first. Raises ValueError for a wrong ``after``."""
        ...

    async def of_person(self, caller: str, digests: Sequence[str]) -> Sequence[Ticket]:
        """Of that number or one of those identifiers, the newest first."""
        ...

    async def get(self, number: int) -> Found | None:
        """The ticket with its past."""
        ...

    async def open(self, opened: Opened, more: Sequence[AnyTicketEvent] = ()) -> int:
        """A new one; its number."""
        ...

    async def change(self, number: int, make: Making, *, seen: int | None = None) -> TicketState:
        """Add what ``make`` says. Raises TicketUnknown, TicketChanged, and what ``make`` raises."""
        ...


Answer = TypeVar("Answer", bound=TicketAnswer)

TICKETS: web.AppKey[Tickets] = web.AppKey("tickets", Tickets)

_ETAG = re.compile(r'"([0-9]{1,9})"')

ONE = "/api/v1/tickets/{number:[0-9]{1,14}}"

routes = Routes()


@routes.get("/api/v1/tickets", roles=READERS)
async def list_tickets(request: web.Request, *, query: TicketQuery) -> TicketList:
    """Tickets, the newest first."""
    return await listed(request, query)


async def listed(request: web.Request, query: TicketQuery, digests: Sequence[str] = ()) -> TicketList:
    """A page of the tickets that are wanted; ``digests``: of an identifier."""
    fields = query.model_dump(exclude={"phone", "limit", "after", "identification"})
    wanted = Filter(caller=query.phone, digests=digests, **fields)
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
    """One ticket: its path through the menus, its call's events and its log; its ETag is for If-Match."""
    return await whole(request, number_of(request))


async def whole(request: web.Request, number: int) -> WholeTicket:
    """The ticket as it is now. Raises Problem where there is none."""
    found = await request.app[TICKETS].get(number)
    if found is None:
        raise Problem("ticket-unknown", number=number)
    request[HEADERS] = {"ETag": f'"{found.state.revision}"'}
    return _whole(found, request[PRINCIPAL].role)


async def changed(request: web.Request, make: Making) -> WholeTicket:
    """The ticket of the path after ``make``'s events, unless it is another than If-Match says."""
    number = number_of(request)
    try:
        await request.app[TICKETS].change(number, make, seen=seen(request))
    except TicketUnknown:
        raise Problem("ticket-unknown", number=number) from None
    except TicketChanged as error:
        raise _collision(error) from None
    return await get_ticket(request)


def seen(request: web.Request) -> int | None:
    """The revision that If-Match (RFC 9110, 13.1.1) names; None where it does not matter. Raises Problem."""
    given = request.headers.get("If-Match", "*").strip()
    if given == "*":
        return None
    match = _ETAG.fullmatch(given)
    if match is None:
        raise Problem("values-wrong", errors=[FieldError("If-Match", "etag_unknown", {})])
    return int(match[1])


def now_by(request: web.Request) -> Said:
    """Now, and by who asks."""
    return {"at": time.time(), "by": request[PRINCIPAL].name}


def _collision(error: TicketChanged) -> Problem:
    return Problem(
        "ticket-changed",
        number=error.number,
        who=", ".join(sorted({event.by for event in error.since})) or "—",
        changes=[event_view(event) for event in error.since],
        headers={"ETag": f'"{error.revision}"'},
    )


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
    state, callback = found.state, found.ticket.callback
    whole = WholeTicket(
        **dict(answer),
        demand=state.demand,
        outcome=state.outcome.outcome if state.outcome else "",
        priority_reason=state.priority_reason,
        applicant={kind: each.masked for kind, each in state.applicant.items()},
        notice=state.notice,
        comments=[Comment.model_validate(_said(each)) for each in state.comments],
        links=[Link.model_validate(each) for each in state.links.values()],
        attachments=[Attachment.model_validate(each) for each in state.attachments],
        log=[{"seq": seq, **event_view(each)} for seq, each in enumerate(found.log, 1)],
        callback=CallbackAnswer.model_validate(callback) if callback is not None else None,
        history=[StatusChanged.model_validate(_said(each)) for each in state.history],
        wrap_ups=[WrappedUp.model_validate(_said(each)) for each in state.wrap_ups],
        allowed=list(STATUSES[state.status].next),
        events=events,
    )
    return _shown(whole, role)


def _shown(answer: Answer, role: Role) -> Answer:
    """What this role may see of it."""
    return answer.model_copy(update={"caller": phone(answer.caller, role)})


def _said(event: AnyTicketEvent) -> dict[str, object]:
    """Its fields, the time as a moment."""
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    return {**fields, "at": moment(event.at)}
