"""Writes a batch of a call log's entries: the events, and the tickets that follow from them, in one transaction."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ivr.calllog.events import AnyEvent, Decided, Entry, NodeEntered, Offered, OfferFailed
from ivr.calllog.state import CallState
from ivr.tickets.database import Database
from ivr.tickets.events import AnyTicketEvent
from ivr.tickets.models import Callback, CallEvent, Ticket, TicketEventRow, TicketIdentifier
from ivr.tickets.rows import callback_row, identifier_rows, moment, ticket_row
from ivr.tickets.state import TicketState, folded
from ivr.tickets.upsert import insert_new, upsert

_AT_ONCE = 500
_REMEMBERED = 5000
_SET_ONCE = frozenset({"number", "registered_at", "channel", "called", "dialled", "caller"})
"""Columns that no later event of a call changes: facts of its beginning."""

_QUIET = (NodeEntered, Decided, Offered, OfferFailed)
"""Steps that a call takes often: the ticket waits for the next other event to show them (the end, at the latest)."""


class Recorder:
    """Applies entries idempotently: an entry's identity is its call and number; the order of batches does not matter.

    Calls in progress are remembered between batches, so that a call is not read back for each of its events.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._calls: OrderedDict[str, CallState] = OrderedDict()

    async def record(self, entries: Iterable[Entry]) -> None:
        """Write these entries. Raises DatabaseError; anything else when an entry itself can never be stored."""
        batch = sorted({(entry.call_id, entry.seq): entry for entry in entries}.values(), key=_identity)
        known, self._calls = self._calls, OrderedDict()  # forgotten if anything fails
        async with self._database.write() as session:
            new = await insert_new(session, CallEvent, [_event_row(entry) for entry in batch])
            continued = _go_on(known, batch) if new else set()
            known.update(await states(session, {entry.call_id for entry in batch} - continued))
            touched = {entry.call_id: known[entry.call_id] for entry in batch}
            telling = {entry.call_id for entry in batch if not isinstance(entry.event, _QUIET)}
            await _upsert_tickets(
                session, [touched[each] for each in touched if each in telling or each not in continued]
            )
        self._calls = _forget(known, touched)


def _identity(entry: Entry) -> tuple[str, int]:
    return entry.call_id, entry.seq


async def states(session: AsyncSession, call_ids: Collection[str]) -> dict[str, CallState]:
    """These calls as the database's events tell them."""
    return {call_id: fold(call_id, entries) for call_id, entries in (await events(session, call_ids)).items()}


async def events(session: AsyncSession, call_ids: Collection[str]) -> dict[str, list[Entry]]:
    """The events of these calls in their order; a call without any is not in the answer."""
    found: dict[str, list[Entry]] = {}
    ids = list(call_ids)
    for start in range(0, len(ids), _AT_ONCE):
        query = select(CallEvent.call_id, CallEvent.seq, CallEvent.data).where(
            CallEvent.call_id.in_(ids[start : start + _AT_ONCE])
        )
        for call_id, seq, data in await session.execute(query.order_by(CallEvent.call_id, CallEvent.seq)):
            found.setdefault(call_id, []).append(Entry(call_id, seq, msgspec.convert(data, AnyEvent)))
    return found


def fold(call_id: str, entries: Iterable[Entry]) -> CallState:
    """The state after these events, which are in order; an event that was lost leaves a gap and harms no other."""
    state = CallState(call_id)
    for entry in entries:
        state.seq = entry.seq - 1
        state.apply(entry.event)
    return state


def _event_row(entry: Entry) -> dict[str, Any]:
    moment(entry.event.at)  # whoever reads the event later shows when it was
    data = msgspec.to_builtins(entry.event)
    return {
        "call_id": entry.call_id,
        "seq": entry.seq,
        "at": entry.event.at,
        "type": data["type"],
        "data": data,
    }


def _go_on(known: OrderedDict[str, CallState], batch: list[Entry]) -> set[str]:
    """Take a batch of new entries into account in calls that are known; the calls that are whole with that."""
    continued = set()
    for entry in batch:
        state = known.get(entry.call_id)
        if state is None:
            continue
        if entry.seq == state.seq + 1:
            state.apply(entry.event)
            continued.add(entry.call_id)
        else:
            del known[entry.call_id]
            continued.discard(entry.call_id)
    return continued


def _forget(known: OrderedDict[str, CallState], touched: dict[str, CallState]) -> OrderedDict[str, CallState]:
    """Known calls without those that have ended, and without the longest untouched beyond a bound."""
    for call_id, state in touched.items():
        known.move_to_end(call_id)
        if state.ended is not None:
            del known[call_id]
    while len(known) > _REMEMBERED:
        known.popitem(last=False)
    return known


async def _upsert_tickets(session: AsyncSession, calls: Iterable[CallState]) -> None:
    numbered = [call for call in calls if call.ticket]
    await upsert(session, Ticket, ("call_id",), [ticket_row(call) for call in numbered], keep=_SET_ONCE)
    await _judged_again(session, numbered)
    identifiers = [row for call in numbered for row in identifier_rows(call)]
    await upsert(session, TicketIdentifier, ("number", "position"), identifiers)
    callbacks = [callback_row(call.ticket, call.callback) for call in numbered if call.callback is not None]
    await upsert(session, Callback, ("number",), callbacks, keep=frozenset({"status"}))


async def _judged_again(session: AsyncSession, calls: Sequence[CallState]) -> None:
    """What people and rules did to these tickets meanwhile stands above what their calls tell."""
    edited = await ticket_events(session, [call.ticket for call in calls])
    for call in calls:
        if its := edited.get(call.ticket):
            columns = folded(TicketState.of_call(call), its).columns()
            await session.execute(update(Ticket).where(Ticket.number == call.ticket).values(columns))


async def ticket_events(session: AsyncSession, numbers: Sequence[int]) -> dict[int, list[AnyTicketEvent]]:
    """The events of these tickets in their order; a ticket without any is not in the answer."""
    found: dict[int, list[AnyTicketEvent]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = TicketEventRow.number.in_(numbers[start : start + _AT_ONCE])
        query = select(TicketEventRow.number, TicketEventRow.data).where(some)
        for number, data in await session.execute(query.order_by(TicketEventRow.number, TicketEventRow.seq)):
            found.setdefault(number, []).append(msgspec.convert(data, AnyTicketEvent))
    return found
