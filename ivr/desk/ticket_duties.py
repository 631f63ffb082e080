"""Tickets whose term is extended, that are handed up, looked for by an identifier, shown in the clear for a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Protocol

from aiohttp import web
from pydantic import BaseModel, Field

from ivr.desk.fields import Body, Reason, View
from ivr.desk.problems import FieldError, Problem
from ivr.desk.roles import READERS, STAFF
from ivr.desk.routes import PRINCIPAL, Routes
from ivr.desk.ticket_changes import VAULT
from ivr.desk.ticket_forms import Level, TicketList, TicketQuery, WholeTicket
from ivr.desk.ticket_inputs import IdentifierGiven
from ivr.desk.tickets import ONE, TICKETS, changed, listed, now_by, number_of
from ivr.identifiers.registry import identifiers
from ivr.tickets.changes import EscalationRefused, ExtensionRefused, escalated, extended
from ivr.tickets.events import AnyTicketEvent, Revealed
from ivr.tickets.models import CONTACT, Ticket, TicketIdentifier
from ivr.tickets.state import TicketState
from ivr.tickets.tickets import Found
from ivr.tickets.vault import SealError


class AuditLog(Protocol):
    """ivr.tickets.audit.Audit, as far as it is used here."""

    async def add(self, who: str, what: str, about: str = "", address: str = "") -> None:
        """Remember it. Raises DatabaseError."""
        ...


AUDIT: web.AppKey[AuditLog] = web.AppKey("ticket-audit", AuditLog)


class TicketSearch(TicketQuery):
    """As the query of the list, in a body, so that an identifier stands in no address and no log."""

    identification: IdentifierGiven | None = None


class Extension(Body):
    """The day by whose end the ticket is answered, and why not sooner."""

    until: date
    reason: Reason


class Escalation(Body):
    """To whom it is handed up, and why."""

    to: Level
    reason: Reason


class Reveal(Body):
    """What is to be shown in the clear, ``snils``, ``contact-phone``; and why: both are kept in the ticket's log."""

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,40}$")]
    reason: Reason


class InTheClear(BaseModel):
    """The values of that kind."""

    kind: str
    values: list[str]


class Related(View):
    """Another ticket of the same person: it may be of the same matter, too."""

    number: int
    registered_at: datetime
    section: str
    category: str
    status: str


class RelatedList(BaseModel):
    """The newest first."""

    tickets: list[Related]


routes = Routes()


@routes.post("/api/v1/tickets/search", roles=READERS)
async def search_tickets(request: web.Request, *, body: TicketSearch) -> TicketList:
    """Tickets by an identifier, words, a phone and whatever else the list is narrowed by."""
    digests: list[str] = []
    if (given := body.identification) is not None:
        kind = identifiers()[given.kind]
        digests = request.app[VAULT].digests(kind.name, kind.normal(given.value))
    return await listed(request, body, digests)


@routes.post(f"{ONE}/extension", roles=STAFF)
async def extend_ticket(request: web.Request, *, body: Extension) -> WholeTicket:
    """Promise a later day, with the reason that the applicant is told."""

    def make(state: TicketState) -> list[AnyTicketEvent]:
        try:
            return extended(state, body.until, body.reason, **now_by(request))
        except ExtensionRefused as error:
            values = {"before": error.promised.isoformat()}
            raise Problem("values-wrong", errors=[FieldError("#/until", "extension_wrong", values)]) from None

    return await changed(request, make)


@routes.post(f"{ONE}/escalation", roles=STAFF)
async def escalate_ticket(request: web.Request, *, body: Escalation) -> WholeTicket:
    """Hand the ticket up: to a senior, the head of a group, the profile department."""

    def make(state: TicketState) -> list[AnyTicketEvent]:
        try:
            return escalated(state, body.to.value, body.reason, **now_by(request))
        except EscalationRefused as error:
            expected = {"expected": ", ".join(error.levels) or "—"}
            raise Problem("values-wrong", errors=[FieldError("#/to", "enum", expected)]) from None

    return await changed(request, make)


@routes.get(f"{ONE}/related", roles=READERS)
async def related_tickets(request: web.Request) -> RelatedList:
    """Other tickets of the same person, recognised by their number or an identifier: to be linked, perhaps."""
    found = await _found(request)
    known = set(found.state.links) | {found.ticket.number}
    others: dict[int, Ticket] = {}
    digests = [each.digest for each in found.ticket.identifiers if not each.kind.startswith(f"{CONTACT}name")]
    for ticket in await request.app[TICKETS].of_person(found.ticket.caller, digests):
        if ticket.number not in known:
            others[ticket.number] = ticket
    newest = sorted(others.values(), key=lambda each: each.registered_at, reverse=True)
    return RelatedList(tickets=[Related.model_validate(each) for each in newest])


@routes.post(f"{ONE}/reveal", roles=STAFF)
async def reveal(request: web.Request, *, body: Reveal) -> InTheClear:
    """Show what is sealed. That somebody looked, and why, is written down first."""
    found = await _found(request)
    wanted = [each for each in found.ticket.identifiers if each.kind == body.kind]
    if not wanted:
        expected = ", ".join(sorted({each.kind for each in found.ticket.identifiers})) or "—"
        raise Problem("values-wrong", errors=[FieldError("#/kind", "enum", {"expected": expected})])
    seen = Revealed(**now_by(request), kind=body.kind, why=body.reason)
    await request.app[TICKETS].change(found.ticket.number, lambda _: [seen])
    about = f"{found.ticket.number} {body.kind}"
    await request.app[AUDIT].add(request[PRINCIPAL].name, "ticket-reveal", about, request.remote or "")
    return InTheClear(kind=body.kind, values=[_opened(request, each) for each in wanted])


async def _found(request: web.Request) -> Found:
    number = number_of(request)
    found = await request.app[TICKETS].get(number)
    if found is None:
        raise Problem("ticket-unknown", number=number)
    return found


def _opened(request: web.Request, datum: TicketIdentifier) -> str:
    try:
        return request.app[VAULT].open(datum.kind.removeprefix(CONTACT), datum.sealed)
    except SealError:
        raise Problem("seal-lost") from None
