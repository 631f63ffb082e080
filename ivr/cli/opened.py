"""How a command opens the database: the one of this hotline's settings, in this version's shape."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ivr.cli import Refusal
from ivr.settings import Settings, SettingsError
from ivr.tickets.database import Database, DatabaseError


@asynccontextmanager
async def opened(*, new: bool = False) -> AsyncIterator[Database]:
    """The database, closed again afterwards. Raises Refusal, in the words of what is wrong.

    ``new``: it is made where there is none; otherwise that is what is wrong, and nothing is made by asking.
    """
    try:
        database = Database(Settings.from_environment().database_url)
    except SettingsError as error:
        raise Refusal(str(error)) from None
    try:
        if not new and not await database.exists():
            raise Refusal(f"there is no database yet: {_none(database)}")
        await database.migrate()
        yield database
    except DatabaseError as error:
        raise Refusal(str(error)) from None
    finally:
        await database.close()


def _none(database: Database) -> str:
    if database.sqlite:
        where = f"no file {database.url.database}; the first `ivr run` makes it"
        return f"{where}, or set IVR_STATE (or IVR_DATABASE_URL) to the hotline's"
    where = f"no table in {database.url.database} at {database.url.host or 'the local socket'}"
    return f"{where}; the first `ivr run` makes them"
