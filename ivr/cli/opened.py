"""How a command opens the database: the one of this hotline's settings, in this version's shape."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ivr.cli import Refusal
from ivr.messages import Message, words_of
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
        raise Refusal(words_of(error)) from None
    try:
        if not new and not await database.exists():
            raise Refusal(_none(database))
        await database.migrate()
        yield database
    except DatabaseError as error:
        raise Refusal(words_of(error)) from None
    finally:
        await database.close()


def _none(database: Database) -> Message:
    if database.sqlite:
        return Message("database-none-file", path=str(database.url.database))
    host = database.url.host or Message("database-local-socket")
    return Message("database-none-tables", name=str(database.url.database), host=host)
