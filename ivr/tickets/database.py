"""The database: one way to open, migrate, read and write it, SQLite or PostgreSQL; failures in words that mend."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from sqlalchemy import URL, event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine

from ivr.tickets import sqlite
from ivr.tickets.faults import DatabaseError, explain
from ivr.tickets.migrations import upgrade

__all__ = ["Database", "DatabaseError"]

BUSY_SECONDS = 5.0
"""How long a writer waits for another one, or for a connection."""

MIGRATE_SECONDS = 600.0


class Database:
    """A pool of connections to ``url`` (a SQLAlchemy URL with an asynchronous driver). Opening is lazy."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self._engine = create_async_engine(
            parsed,
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
            **(_sqlite(parsed) if self.sqlite else _POSTGRESQL),
        )
        self._writer = self._engine.execution_options(writing=True)
        self.url = self._engine.url
        if self.sqlite:
            event.listen(self._engine.sync_engine, "begin", sqlite.begin)

    async def migrate(self) -> None:
        """Bring the tables to this version's shape. Raises DatabaseError, also for one of a newer version."""
        async with self._connection(writing=True) as connection:
            async with asyncio.timeout(MIGRATE_SECONDS):
                await connection.run_sync(upgrade)

    async def check(self) -> None:
        """Look the whole database over for damage; takes about a second for each gigabyte. Raises DatabaseError."""
        async with self._connection() as connection:
            if not self.sqlite:
                await connection.execute(text("SELECT 1 FROM tickets LIMIT 1"))
                return
            found = (await connection.execute(text("PRAGMA quick_check(1)"))).scalar()
            if found != "ok":
                raise explain(RuntimeError("malformed"), self.url)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session on one consistent picture. Raises DatabaseError."""
        async with self._connection() as connection, AsyncSession(connection) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session that is committed whole at the end, or not at all. Raises DatabaseError."""
        async with (
            self._connection(writing=True) as connection,
            AsyncSession(connection, expire_on_commit=False) as session,
        ):
            yield session
            await session.flush()

    async def close(self) -> None:
        """Let go of every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _connection(self, *, writing: bool = False) -> AsyncIterator[AsyncConnection]:
        try:
            async with (self._writer if writing else self._engine).begin() as connection:
                yield connection
        except IntegrityError:
            raise  # what was written is at fault, not the database
        except (DBAPIError, PoolTimeout, OSError, TimeoutError) as error:
            raise explain(error, self.url) from error


_POSTGRESQL = {"pool_pre_ping": True, "connect_args": {"timeout": BUSY_SECONDS, "command_timeout": 2 * BUSY_SECONDS}}


def _sqlite(url: URL) -> dict[str, Any]:
    return {"async_creator": sqlite.opener(url.database or ":memory:", BUSY_SECONDS)}
