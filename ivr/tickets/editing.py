"""Changes of tickets: each is one or more events, written with what follows from them in one transaction.

Whoever changes a ticket may say which revision they saw: when it is another by now, nothing is changed, and they are
told what was, and by whom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ivr.calllog.state import CallState
from ivr.messages import Message
from ivr.tickets.database import Database
from ivr.tickets.events import ASIDE, WRITTEN, AnyTicketEvent, Contact, Opened, Sealed
from ivr.tickets.models import CONTACT, GIVEN, Ticket, TicketEventRow, TicketIdentifier
from ivr.tickets.numbers import next_number
from ivr.tickets.record import states, ticket_events
from ivr.tickets.rows import ticket_row
from ivr.tickets.state import TicketState, folded
from ivr.tickets.texts import keep

Making = Callable[[TicketState], Sequence[AnyTicketEvent]]
"""What is to happen to the ticket as it is; none: nothing. May raise what refuses it."""


class TicketUnknown(LookupError):
    """There is no ticket of that number."""


class TicketChanged(Exception):
    """Somebody else changed the ticket meanwhile: ``since``, what happened; ``revision``, the one that it has now."""

    def __init__(self, number: int, revision: int, since: Sequence[AnyTicketEvent]) -> None:
        who = tuple(sorted({each.by for each in since}))
        super().__init__(Message("ticket-changed", number=str(number), who=who))
        self.number, self.revision, self.since = number, revision, list(since)


class Editing:
    """Changes tickets in the database; ``heard`` is told of each. Every method raises DatabaseError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.heard: Callable[[TicketState], None] = lambda _: None

    async def open(self, opened: Opened, more: Sequence[AnyTicketEvent] = ()) -> int:
        """A new ticket of a contact that no call brought, with what is known from the first; its number."""
        async with self._database.write() as session:
            number = await next_number(self._database, session)
            call_id = f"ticket-{number}"
            row = ticket_row(CallState(call_id, ticket=number, started=opened.at))
            about = {name: getattr(opened, name) for name in ("channel", "line", "region", "language")}
            await session.execute(insert(Ticket).values({**row, **about}))
            state = TicketState(opened.at)
            await _add(session, number, state, [opened, *more])
        self.heard(state)
        return number

    async def change(self, number: int, make: Making, *, seen: int | None = None) -> TicketState:
        """Let ``make`` say what happens to the ticket; what it is then. ``seen``: the revision that was looked at.

        Raises TicketUnknown, TicketChanged, and whatever ``make`` raises.
        """
        async with self._database.write() as session:
            state, past = await _locked(session, number)
            if seen is not None and seen != state.revision:
                raise TicketChanged(number, state.revision, _since(past, seen))
            events = make(state)
            if events:
                await _add(session, number, state, events)
        if events:
            self.heard(state)
        return state


async def read(session: AsyncSession, number: int, call_id: str) -> tuple[TicketState, list[AnyTicketEvent]]:
    """The ticket as its log tells it, and that log."""
    past = (await ticket_events(session, [number])).get(number, [])
    calls = await states(session, [call_id])
    base = TicketState.of_call(calls[call_id]) if call_id in calls else TicketState(0.0)
    return folded(base, past), past


async def _locked(session: AsyncSession, number: int) -> tuple[TicketState, list[AnyTicketEvent]]:
    call_id = await session.scalar(select(Ticket.call_id).where(Ticket.number == number).with_for_update())
    if call_id is None:
        raise TicketUnknown(Message("ticket-unknown", number=str(number)))
    return await read(session, number, call_id)


async def _add(session: AsyncSession, number: int, state: TicketState, events: Sequence[AnyTicketEvent]) -> None:
    rows, sealed = [], []
    for event in events:
        state.apply(event)
        rows.append(_row(number, state.seq, event))
        if isinstance(event, Sealed):
            sealed.append(_datum(number, GIVEN + state.seq, event))
    await session.execute(insert(TicketEventRow), rows)
    if sealed:
        await session.execute(insert(TicketIdentifier), sealed)
    if any(isinstance(event, WRITTEN) for event in events):
        await keep(session, number, state)
    await session.execute(update(Ticket).where(Ticket.number == number).values(state.columns()))


def _row(number: int, seq: int, event: AnyTicketEvent) -> dict[str, Any]:
    data = msgspec.to_builtins(event)
    return {"number": number, "seq": seq, "at": event.at, "type": data["type"], "data": data}


def _datum(number: int, position: int, event: Sealed) -> dict[str, Any]:
    kind = f"{CONTACT}{event.kind}" if isinstance(event, Contact) else event.kind
    datum = {name: getattr(event, name) for name in ("masked", "sealed", "digest")}
    return {"number": number, "position": position, "kind": kind, **datum}


def _since(past: Sequence[AnyTicketEvent], seen: int) -> Sequence[AnyTicketEvent]:
    """What came after the revision that somebody saw."""
    return [event for event in past if not isinstance(event, ASIDE)][max(0, seen) :]
