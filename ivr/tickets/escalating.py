"""The clock of escalation: sleeps until the next ticket is overdue by a rule, and writes what the rules say.

Several engines may do so at once on one database: each ticket is judged anew under its row's lock, by its own log, so
that a rule is written once, whoever comes first.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import structlog
from sqlalchemy import and_, exists, extract, func, or_, select
from sqlalchemy.exc import DBAPIError

from ivr.flow.escalation import Rule
from ivr.tickets.database import Database, DatabaseError
from ivr.tickets.editing import Editing, TicketUnknown
from ivr.tickets.models import Ticket, TicketEventRow
from ivr.tickets.overdue import events_due, latest_due, next_moment, reached
from ivr.tickets.state import TicketState

_log = structlog.get_logger(__name__)

LONGEST = 60.0
"""Seconds between two looks, at most: other engines open tickets, and the machine's clock may be set."""

WHOLE = 3600.0
"""Seconds after which tickets already looked at are looked at again: a command may have brought a term forward."""

BATCH = 50
"""Tickets judged without a rest: calls are written down in between."""

Place = tuple[datetime, int]
"""How far a rule has come: tickets in the order of their due moment and number."""

_START: Place = (datetime(1970, 1, 1, tzinfo=UTC), 0)
_NO_TICKET = (TicketUnknown, msgspec.MsgspecError, DBAPIError, ValueError, OverflowError)
"""One ticket that cannot be read or written keeps no other from being escalated."""


class Escalating:
    """``rules``: those that are live; ``now``: seconds since 1970; ``rest``: seconds between two batches."""

    def __init__(
        self, database: Database, rules: Callable[[], Sequence[Rule]], now: Callable[[], float], rest: float = 1.0
    ) -> None:
        self._database, self._rules, self._now, self._rest = database, rules, now, rest
        self._editing = Editing(database)
        self._woken = asyncio.Event()
        self._until, self._whole_at = math.inf, -math.inf
        self._places: dict[Rule, Place] = {}

    def heard(self, state: TicketState) -> None:
        """A ticket was changed in this engine: it may be the next now, or overdue already."""
        moment = next_moment(state, self._rules())
        if moment is None or moment.timestamp() >= self._until:
            return
        if moment.timestamp() <= self._now():
            self._whole_at = -math.inf
        self._woken.set()

    async def run(self) -> None:
        """Escalate what becomes overdue, until cancelled. A database that is away is asked again later."""
        while True:
            self._woken.clear()
            self._until = math.inf
            try:
                self._until = await self.look()
            except DatabaseError as error:
                _log.warning("not-escalated", error=str(error))
                self._until = self._now() + LONGEST
            with suppress(TimeoutError):
                async with asyncio.timeout(min(LONGEST, max(0.0, self._until - self._now()))):
                    await self._woken.wait()

    async def look(self) -> float:
        """Write all that is due; when something will be next (seconds since 1970). Raises DatabaseError."""
        at, rules = self._now(), self._rules()
        if at >= self._whole_at:
            self._places, self._whole_at = {}, at + WHOLE
        moments = [at + LONGEST]
        for rule in rules:
            last = latest_due(rule, datetime.fromtimestamp(at, UTC))
            await self._through(rule, last)
            following = await self._following(last)
            if following is not None:
                moments.append(reached(rule, following).timestamp())
        return min(moments)

    async def _through(self, rule: Rule, last: datetime) -> None:
        """All tickets that the rule has not done yet and that were due until ``last``."""
        place = self._places.get(rule, _START)
        while page := await self._page(rule, place, last):
            for _, number in page:
                await self._hand_up(number)
            self._places[rule] = place = page[-1]
            if len(page) == BATCH:
                await asyncio.sleep(self._rest)
        self._places[rule] = max(place, (last, 0))

    async def _hand_up(self, number: int) -> None:
        try:
            await self._editing.change(number, lambda state: events_due(state, self._rules(), self._now()))
        except _NO_TICKET as error:
            _log.error("ticket-not-escalated", ticket=number, error=type(error).__name__)

    async def _page(self, rule: Rule, place: Place, last: datetime) -> list[Place]:
        event, due = TicketEventRow, place[0]
        done = exists().where(
            event.number == Ticket.number,
            event.type == "escalated",
            event.data["rule"].as_string() == rule.name,
            event.at >= extract("epoch", Ticket.due_at),
        )
        further = or_(Ticket.due_at > due, and_(Ticket.due_at == due, Ticket.number > place[1]))
        query = select(Ticket.due_at, Ticket.number).where(Ticket.due_at >= due, Ticket.due_at <= last, further, ~done)
        async with self._database.read() as session:
            rows = await session.execute(query.order_by(Ticket.due_at, Ticket.number).limit(BATCH))
            return [(moment, number) for moment, number in rows if moment is not None]

    async def _following(self, last: datetime) -> datetime | None:
        """The first moment after ``last`` at which some ticket is due."""
        async with self._database.read() as session:
            return await session.scalar(select(func.min(Ticket.due_at)).where(Ticket.due_at > last))
