"""The database: one way to open, migrate, read and write it, SQLite or PostgreSQL; failures in words that mend."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, event, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine

from ivr.tickets import sqlite
from ivr.tickets.faults import DatabaseAway, DatabaseError, explain
from ivr.tickets.migrations import lacking, outdated, shaped, upgrade

__all__ = ["Database", "DatabaseAway", "DatabaseError"]

MIGRATE_SECONDS = 600.0


class Database:
    """A pool of connections to ``url`` (a SQLAlchemy URL with an asynchronous driver). Opening is lazy.

    ``busy``: seconds that a writer waits for another one, or a connection for the server.
    """

    def __init__(self, url: str, *, busy: float = 5.0) -> None:
        parsed = make_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self._engine = create_async_engine(
            parsed,
            hide_parameters=True,
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
            **(_sqlite(parsed, busy) if self.sqlite else _postgresql(busy)),
        )
        self._writer = self._engine.execution_options(writing=True)
        self.url = self._engine.url
        if self.sqlite:
            event.listen(self._engine.sync_engine, "begin", sqlite.begin)

    async def migrate(self) -> None:
        """Bring the tables to this version's shape; a SQLite file and its folder are made when missing.

        Raises DatabaseError, also for a database of a newer version.
        """
        if self.sqlite:
            await asyncio.to_thread(self._make_folder)
        async with self._connection(writing=True) as connection:
            async with asyncio.timeout(MIGRATE_SECONDS):
                await connection.run_sync(upgrade)
            await self._whole(connection)

    async def exists(self) -> bool:
        """Whether there are tables at all; nothing is made by asking. Raises DatabaseError."""
        if self.sqlite and not await asyncio.to_thread(Path(self.url.database or "").exists):
            return False
        async with self._connection() as connection:
            return await connection.run_sync(shaped)

    async def outdated(self) -> bool:
        """Whether ``migrate`` has something to do. Raises DatabaseError, also for a database of a newer version."""
        async with self._connection() as connection:
            return await connection.run_sync(outdated)

    async def check(self) -> None:
        """Look the whole database over for damage; takes about a second for each gigabyte. Raises DatabaseError."""
        async with self._connection() as connection:
            await self._whole(connection)
            if not self.sqlite:
                return
            found = (await connection.execute(text("PRAGMA quick_check(1)"))).scalar()
            if found != "ok":
                raise explain(RuntimeError("malformed"), self.url)

    async def _whole(self, connection: AsyncConnection) -> None:
        if await connection.run_sync(lacking):
            raise explain(RuntimeError("no such table"), self.url)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session on one consistent picture. Raises DatabaseError."""
        async with self._connection() as connection, AsyncSession(connection) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session that is committed whole at the end, or not at all. Raises DatabaseError.

        SQLAlchemy's DBAPIError passes when it is the data that is at fault (a key that exists, say).
        """
        async with (
            self._connection(writing=True) as connection,
            AsyncSession(connection, expire_on_commit=False) as session,
        ):
            yield session
            await session.flush()

    async def close(self) -> None:
        """Let go of every connection."""
        await self._engine.dispose()

    def _make_folder(self) -> None:
        """What fails here is told when the file is opened."""
        with contextlib.suppress(OSError):
            Path(self.url.database or "").parent.mkdir(parents=True, exist_ok=True)

    @asynccontextmanager
    async def _connection(self, *, writing: bool = False) -> AsyncIterator[AsyncConnection]:
        try:
            async with (self._writer if writing else self._engine).begin() as connection:
                yield connection
        except DBAPIError as error:
            if _of_the_data(error):
                raise
            raise explain(error, self.url) from error
        except (PoolTimeout, OSError, TimeoutError) as error:
            raise explain(error, self.url) from error


def _of_the_data(error: DBAPIError) -> bool:
    """Whether what was to be written is at fault, not the database (SQLSTATE classes 22 and 23)."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return isinstance(error, IntegrityError | DataError) or state[:2] in ("22", "23")


def _postgresql(busy: float) -> dict[str, Any]:
    return {"pool_pre_ping": True, "connect_args": {"timeout": busy, "command_timeout": 2 * busy}}


def _sqlite(url: URL, busy: float) -> dict[str, Any]:
    return {"async_creator": sqlite.opener(url.database or ":memory:", busy)}
