"""Tickets: listed, found, read with their history, and moved from status to status."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from ivr.call import LookupFailed, RequestStatus
from ivr.calllog.events import Entry
from ivr.tickets.changes import moved
from ivr.tickets.database import DatabaseError
from ivr.tickets.deadlines import MOSCOW
from ivr.tickets.editing import Editing, TicketChanged, TicketUnknown
from ivr.tickets.events import AnyTicketEvent
from ivr.tickets.listing import Filter, Page, Sort, key, statement
from ivr.tickets.models import Ticket, TicketIdentifier
from ivr.tickets.record import events, fold, ticket_events
from ivr.tickets.state import TicketState, folded
from ivr.tickets.statuses import OPEN
from ivr.tickets.upsert import dialect

STATUS_SECONDS = 2.0
"""A caller who asks for a request's status waits no longer than this."""

__all__ = ["Filter", "Found", "Page", "Sort", "TicketChanged", "TicketUnknown", "Tickets"]

HISTORY_SECONDS = 1.0
"""A flow waits no longer to be told whether somebody has called before."""

RELATED = 20
"""Other tickets of a person that are offered, at most."""

MOST = 500
"""Tickets in one page, at most."""


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket (its ``identifiers`` and ``callback`` loaded), what its ``log`` tells, and its call's ``events``."""

    ticket: Ticket
    state: TicketState
    events: list[Entry]
    log: list[AnyTicketEvent]


class Tickets(Editing):
    """The tickets in the database. Implements ivr.call.Requests."""

    async def status(self, number: int) -> RequestStatus | None:
        """What a caller may be told of request ``number``. Raises LookupFailed within two seconds."""
        asked = (Ticket.status, Ticket.status_changed_at, Ticket.expected_on, Ticket.operator)
        query = select(*asked).where(Ticket.number == number)
        try:
            async with asyncio.timeout(STATUS_SECONDS), self._database.read() as session:
                row = (await session.execute(query)).one_or_none()
        except (DatabaseError, TimeoutError) as error:
            raise LookupFailed(str(error)) from error
        return None if row is None else _status(number, *row)

    async def calls_between(self, caller: str, since: float, until: float) -> int:
        """How many calls of this number (E.164) began from ``since`` to before ``until`` (seconds since 1970).

        0 where the database does not say so within a second: a caller waits for no history.
        """
        first, last = (datetime.fromtimestamp(moment, UTC) for moment in (since, until))
        query = select(func.count()).where(
            Ticket.caller == caller, Ticket.registered_at >= first, Ticket.registered_at < last
        )
        try:
            async with asyncio.timeout(HISTORY_SECONDS), self._database.read() as session:
                return await session.scalar(query) or 0
        except (DatabaseError, TimeoutError):
            return 0

    async def list(self, wanted: Filter | None = None, *, limit: int = 50, after: str | None = None) -> Page:
        """A page of tickets, the newest first unless ``wanted`` sorts otherwise.

        Raises ValueError for a wrong ``after``, and DatabaseError.
        """
        wanted, limit = wanted or Filter(), max(1, min(limit, MOST))
        async with self._database.read() as session:
            found = list(await session.scalars(statement(wanted, dialect(session), limit + 1, after)))
        page = found[:limit]
        return Page(page, key(page[-1], wanted.sort) if len(found) > limit else None)

    async def of_person(self, caller: str, digests: Sequence[str]) -> Sequence[Ticket]:
        """Of that number (E.164) or one of those identifiers, the newest RELATED. Raises DatabaseError."""
        by_digest = select(TicketIdentifier.number).where(TicketIdentifier.digest.in_(digests))
        ways: list[ColumnElement[bool]] = [Ticket.number.in_(by_digest)] if digests else []
        ways += [Ticket.caller == caller] if caller else []
        found: dict[int, Ticket] = {}
        async with self._database.read() as session:
            for way in ways:
                query = select(Ticket).where(way).order_by(Ticket.registered_at.desc()).limit(RELATED)
                found |= {ticket.number: ticket for ticket in await session.scalars(query)}
        return sorted(found.values(), key=lambda each: each.registered_at, reverse=True)[:RELATED]

    async def known(self, call_id: str) -> bool:
        """Whether the call has its ticket. Raises DatabaseError."""
        async with self._database.read() as session:
            return await session.scalar(select(Ticket.number).where(Ticket.call_id == call_id)) is not None

    async def get(self, number: int) -> Found | None:
        """The ticket with all that belongs to it, None when there is none. Raises DatabaseError."""
        async with self._database.read() as session:
            query = select(Ticket).where(Ticket.number == number)
            whole = query.options(selectinload(Ticket.identifiers), selectinload(Ticket.callback))
            ticket = await session.scalar(whole)
            if ticket is None:
                return None
            entries = (await events(session, [ticket.call_id])).get(ticket.call_id, [])
            log = (await ticket_events(session, [number])).get(number, [])
        base = TicketState.of_call(fold(ticket.call_id, entries)) if entries else TicketState(0.0)
        return Found(ticket, folded(base, log), entries, log)

    async def set_status(self, number: int, status: str, *, by: str, reason: str = "") -> TicketState:
        """Move the ticket on, and write who did and why.

        Raises TicketUnknown, StatusRefused (which says what is allowed), DatabaseError.
        """
        at = time.time()
        return await self.change(number, lambda state: moved(state, status, at=at, by=by, reason=reason))


def _status(number: int, status: str, changed: datetime, expected: date | None, operator: str) -> RequestStatus:
    day = changed.astimezone(MOSCOW).date()
    return RequestStatus(number, status, day, expected if status in OPEN else None, operator)
