"""How a command opens the database: the one of this hotline's settings, in this version's shape."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ivr.cli import Refusal
from ivr.settings import Settings, SettingsError
from ivr.tickets.database import Database, DatabaseError


@asynccontextmanager
async def opened() -> AsyncIterator[Database]:
    """The database, closed again afterwards. Raises Refusal, in the words of what is wrong."""
    try:
        database = Database(Settings.from_environment().database_url)
    except SettingsError as error:
        raise Refusal(str(error)) from None
    try:
        await database.migrate()
        yield database
    except DatabaseError as error:
        raise Refusal(str(error)) from None
    finally:
        await database.close()
