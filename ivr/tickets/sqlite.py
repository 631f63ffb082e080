"""SQLite as we open it: a write-ahead log, every commit on the disk, foreign keys, and a wait for other writers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import aiosqlite
from sqlalchemy import Connection

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def opener(path: str, busy_seconds: float) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """A function that opens ``path`` anew. It raises sqlite3.Error, and leaves no thread or file behind then."""

    async def connect() -> aiosqlite.Connection:
        await asyncio.to_thread(_probe, path)  # aiosqlite would leave its thread to end by itself
        opening = aiosqlite.connect(path, timeout=busy_seconds, isolation_level=None)
        opening._thread.daemon = True  # as SQLAlchemy does: a connection that was forgotten holds up no exit
        connection = await opening
        try:
            for pragma in _PRAGMAS:
                await connection.execute_fetchall(f"PRAGMA {pragma}")
        except BaseException:
            await connection.close()
            raise
        return connection

    return connect


def begin(connection: Connection) -> None:
    """Begin a transaction; one that writes takes its place at its beginning, so that it never fails half-way."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _probe(path: str) -> None:
    sqlite3.connect(path).close()
