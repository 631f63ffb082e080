"""Insert or update, in the words that SQLite and PostgreSQL have in common."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ivr.tickets.models import Base


async def upsert(
    session: AsyncSession,
    model: type[Base],
    key: list[str],
    rows: list[dict[str, Any]],
    keep: frozenset[str] = frozenset(),
) -> None:
    """Insert ``rows``; where ``key`` exists already, set everything but the columns in ``keep``."""
    query = insert(session, model)
    fields = {name: query.excluded[name] for name in rows[0] if name not in keep and name not in key}
    await session.execute(query.on_conflict_do_update(index_elements=key, set_=fields), rows)


def insert(session: AsyncSession, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Both dialects' insert knows ON CONFLICT, in the same words."""
    assert isinstance(model.__table__, Table)
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model.__table__)
    return sqlite.insert(model.__table__)
