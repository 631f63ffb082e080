"""How many calls went from which node to which: of the paths that the tickets keep."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from ivr.tickets.database import Database
from ivr.tickets.models import Ticket


async def steps(database: Database, flow: str, since: datetime) -> Counter[tuple[str, str]]:
    """(``flow.node``, ``flow.node``) -> how many times since then, as far as both are in the flow."""
    counted: Counter[tuple[str, str]] = Counter()
    async with database.read() as session:
        paths = await session.stream_scalars(select(Ticket.path).where(Ticket.registered_at >= since))
        async for path in paths:
            counted.update(pair for pair in pairwise(path) if all(step.startswith(f"{flow}.") for step in pair))
    return counted
