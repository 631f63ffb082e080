"""The calls that waited for an operator on one day, for the simulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ivr.tickets.database import Database
from ivr.tickets.models import CallEvent, Ticket


@dataclass(frozen=True, slots=True)
class WaitedCall:
    """One call: ``queued`` and ``answered`` in seconds since 1970; ``talked`` 0 and ``operator`` "" without an answer.

    ``left``: seconds after which somebody who was not answered waited no longer; None where they were.
    """

    queue: str
    needs: Mapping[str, int]
    language: str
    section: str
    queued: float
    operator: str
    answered: float | None
    talked: float
    left: float | None


async def waited(database: Database, since: datetime, until: datetime) -> list[WaitedCall]:
    """Calls that came into a queue from ``since`` to before ``until`` and are over, by time. Raises DatabaseError."""
    within = (Ticket.queued_at >= since, Ticket.queued_at < until, Ticket.ended_at.is_not(None))
    async with database.read() as session:
        tickets = list(await session.scalars(select(Ticket).where(*within).order_by(Ticket.queued_at)))
        events = await session.stream(
            select(CallEvent.call_id, CallEvent.data)
            .join(Ticket, Ticket.call_id == CallEvent.call_id)
            .where(*within, CallEvent.type == "queued")
            .order_by(CallEvent.call_id, CallEvent.seq)
        )
        needs = {call_id: data.get("needs", {}) async for call_id, data in events}
    return [_call(ticket, needs.get(ticket.call_id, {})) for ticket in tickets if ticket.queued_at is not None]


def _call(ticket: Ticket, needs: Mapping[str, int]) -> WaitedCall:
    assert ticket.queued_at is not None
    answered = ticket.answered_at.timestamp() if ticket.answered_at else None
    waited = ticket.wait_seconds or 0.0
    return WaitedCall(
        ticket.queue,
        needs,
        ticket.language,
        ticket.section,
        ticket.queued_at.timestamp(),
        ticket.operator if answered is not None else "",
        answered,
        ticket.talk_seconds,
        waited if answered is None else None,
    )
