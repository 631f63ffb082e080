"""Insert or update, in the words that SQLite and PostgreSQL have in common."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Executable, Table, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ivr.tickets.columns import Base

Insert = postgresql.Insert | sqlite.Insert
"""Both dialects' insert knows ON CONFLICT, in the same words."""


async def upsert(
    session: AsyncSession,
    model: type[Base],
    key: tuple[str, ...],
    rows: list[dict[str, Any]],
    keep: frozenset[str] = frozenset(),
) -> None:
    """Insert ``rows`` (columns by name); where ``key`` exists already, set everything but the columns in ``keep``."""
    if rows:
        await session.execute(_upsert(dialect(session), model, key, tuple(rows[0]), keep), rows)


async def insert_new(session: AsyncSession, model: type[Base], rows: list[dict[str, Any]]) -> bool:
    """Insert those of ``rows`` that are not there yet; whether that was all of them."""
    backend = dialect(session)
    result = await session.execute(_insert_new(backend, model), rows)
    assert isinstance(result, CursorResult)
    # asyncpg counts nothing for many rows at once; with SQLite the count is far cheaper than rows that come back
    return len(rows) == (len(result.all()) if backend == "postgresql" else result.rowcount)


@cache  # building a statement costs more than running it
def _upsert(
    backend: str, model: type[Base], key: tuple[str, ...], names: tuple[str, ...], keep: frozenset[str]
) -> Insert:
    query = _insert(backend, model)
    fields = {name: query.excluded[name] for name in names if name not in keep and name not in key}
    return query.on_conflict_do_update(index_elements=key, set_=fields)


@cache
def _insert_new(backend: str, model: type[Base]) -> Executable:
    query = _insert(backend, model).on_conflict_do_nothing()
    return query.returning(literal(1)) if backend == "postgresql" else query


def _insert(backend: str, model: type[Base]) -> Insert:
    assert isinstance(model.__table__, Table)
    return postgresql.insert(model.__table__) if backend == "postgresql" else sqlite.insert(model.__table__)


def dialect(session: AsyncSession) -> str:
    """``sqlite`` or ``postgresql``."""
    return session.get_bind().dialect.name
