"""POST /api/v1/tickets and what changes one: statuses, section, priority, who works it, comments and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from aiohttp import web

from ivr.desk.problems import FieldError, Problem
from ivr.desk.roles import STAFF, Role
from ivr.desk.routes import Routes
from ivr.desk.ticket_forms import WholeTicket
from ivr.desk.ticket_inputs import Applicant, IdentifierGiven, NewComment, NewLink, NewTicket, TicketChange
from ivr.desk.tickets import ONE, TICKETS, changed, now_by, number_of, whole
from ivr.flow.sections import Sections
from ivr.identifiers.ticket_number import is_valid
from ivr.tickets.changes import classified, concluded, moved, prioritised
from ivr.tickets.contacts import contact, given
from ivr.tickets.events import (
    AnyTicketEvent,
    Assigned,
    Commented,
    Demanded,
    Linked,
    NoticeChosen,
    Opened,
    Unlinked,
)
from ivr.tickets.state import TicketState
from ivr.tickets.statuses import STATUSES, StatusRefused
from ivr.tickets.vault import Vault

OPENERS = STAFF | {Role.SERVICE}
"""A web form or a chat opens tickets as a service."""

REASONED = frozenset({"refused", "rejected"})
"""Statuses that the applicant is told the reason of."""


class About(Protocol):
    """The running hotline's configuration, as far as it is used here."""

    def sections(self) -> Sections:
        """What may be asked about."""
        ...


ABOUT: web.AppKey[About] = web.AppKey("about", About)
VAULT: web.AppKey[Vault] = web.AppKey("vault", Vault)

routes = Routes()


@routes.post("/api/v1/tickets", roles=OPENERS, status=201)
async def open_ticket(request: web.Request, *, body: NewTicket) -> WholeTicket:
    """Open a ticket of a letter, a chat, a web form; calls open theirs by themselves."""
    said = now_by(request)
    about = request.app[ABOUT].sections()
    section, category = _chosen(about, body.section, body.category)
    opened = Opened(
        **said,
        channel=body.channel.value,
        line=body.line or "",
        region=body.region or "",
        language=body.language,
        section=section,
        category=category,
        term=about.term(section, category),
        complexity=about.complexity(category),
    )
    more = [Demanded(**said, text=body.demand), *_applicant(request, body.applicant, body.identification)]
    return await whole(request, await request.app[TICKETS].open(opened, more))


@routes.patch(ONE, roles=STAFF)
async def change_ticket(request: web.Request, *, body: TicketChange) -> WholeTicket:
    """Change a ticket; a status that may not follow is refused with those that may."""
    if body.status in REASONED and not body.reason:
        raise Problem("reason-missing", after=STATUSES[body.status].names)
    return await changed(request, lambda state: _changes(request, body, state))


@routes.post(f"{ONE}/comments", roles=STAFF)
async def comment(request: web.Request, *, body: NewComment) -> WholeTicket:
    """Note something."""
    noted = Commented(**now_by(request), text=body.text)
    return await changed(request, lambda _: [noted])


@routes.post(f"{ONE}/links", roles=STAFF)
async def link(request: web.Request, *, body: NewLink) -> WholeTicket:
    """Say that it belongs with another ticket."""
    number = number_of(request)
    known = is_valid(str(body.number)) and body.number != number and await request.app[TICKETS].get(body.number)
    if not known:
        raise Problem("values-wrong", errors=[FieldError("#/number", "ticket_unknown", {})])
    linked = Linked(**now_by(request), to=body.number, why="said")
    return await changed(request, lambda state: [] if body.number in state.links else [linked])


@routes.delete(f"{ONE}/links/{{other:[0-9]{{1,14}}}}", roles=STAFF)
async def unlink(request: web.Request) -> None:
    """Say that it does not belong with the other ticket."""
    other = int(request.match_info["other"])
    parted = Unlinked(**now_by(request), to=other)
    await changed(request, lambda state: [parted] if other in state.links else [])


def _changes(request: web.Request, body: TicketChange, state: TicketState) -> Sequence[AnyTicketEvent]:
    said, reason = now_by(request), body.reason or ""
    events: list[AnyTicketEvent] = []
    if body.section or body.category or body.complexity:
        about = request.app[ABOUT].sections()
        section, category = _chosen(about, body.section, body.category, state)
        events += classified(state, about, section, category, body.complexity, **said)
    if body.priority is not None:
        events += prioritised(state, body.priority, reason, **said)
    if body.assignee is not None and body.assignee != state.assignee:
        events.append(Assigned(**said, operator=body.assignee))
    if body.demand and body.demand != state.demand:
        events.append(Demanded(**said, text=body.demand))
    if body.outcome or body.first_call_resolved is not None:
        events += concluded(state, body.outcome, body.first_call_resolved, **said)
    events += _applicant(request, body.applicant, body.identification)
    if body.status is not None:
        try:
            events += moved(state, body.status.value, reason=reason, **said)
        except StatusRefused:
            raise forbidden(state.status, body.status.value) from None
    return events


def forbidden(before: str, after: str) -> Problem:
    """Why the status may not follow, and which may, by their names."""
    names = [STATUSES[each].names for each in STATUSES[before].next]
    choices = {language: ", ".join(each[language] for each in names) or "—" for language in STATUSES[before].names}
    return Problem(
        "status-forbidden",
        before=STATUSES[before].names,
        after=STATUSES[after].names,
        allowed=STATUSES[before].next,
        choices=choices,
    )


def _applicant(
    request: web.Request, applicant: Applicant | None, identification: Sequence[IdentifierGiven]
) -> list[AnyTicketEvent]:
    said, vault = now_by(request), request.app[VAULT]
    events: list[AnyTicketEvent] = [given(vault, each.kind.value, each.value, **said) for each in identification]
    if applicant is not None:
        events += [contact(vault, kind, value, **said) for kind, value in applicant.contacts().items()]
        if applicant.notice is not None:
            events.append(NoticeChosen(**said, way=applicant.notice.value))
    return events


def _chosen(
    about: Sections, section: str | None, category: str | None, state: TicketState | None = None
) -> tuple[str, str]:
    """The section and category that are meant: a category brings its section, another section ends the category."""
    if section is not None and section not in about.sections:
        raise _none_such("section", about.sections)
    if category is None:
        before = (state.section, state.category) if state else ("", "")
        return before if section in (None, before[0]) else (section or "", "")
    own = about.sections[section].categories if section else about.categories
    if category not in own:
        raise _none_such("category", own)
    return about.categories[category].section, category


def _none_such(field: str, known: Iterable[str]) -> Problem:
    expected = ", ".join(known)
    return Problem("values-wrong", errors=[FieldError(f"#/{field}", "enum", {"expected": expected or "—"})])
