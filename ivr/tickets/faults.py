"""What is wrong with a database, in words that say what to mend."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from ivr.messages import Message, trouble


class DatabaseError(Exception):
    """The database cannot be used (now); the message says what to mend, and holds no password and no data."""


class DatabaseAway(DatabaseError):
    """Nobody answers there, or not in time: it may be over by itself, so nothing is to be ended because of it."""


_SQLITE = (
    (("not a database", "malformed"), "database-damaged"),
    (("unable to open",), "database-unopened"),
    (("readonly",), "database-readonly"),
    (("disk is full",), "database-full"),
    (("is locked", "busy"), "database-held"),
    (("disk i/o error",), "database-disk"),
    (("no such table", "no such column"), "database-lacks"),
)
_AWAY = ("is locked", "busy", "timeout", "too many")
"""Signs of a fault that passes; PostgreSQL's faults that no table knows are of that kind too: it starts, it stops."""

_POSTGRESQL = (
    (("password", "authentication", "no pg_hba.conf"), "database-refuses"),
    (("permission denied", "read-only"), "database-not-allowed"),
    (("undefinedtable", "undefinedcolumn", "no such table"), "database-lacks"),
    (("does not exist",), "database-not-there"),
    (("no space", "disk full"), "database-full"),
    (("too many",), "database-crowded"),
)
"""Signs -> what they mean: the key of the words; MENDS has what mends it."""

_SILENT = "database-silent"

MENDS = {
    "database-damaged": Message("database-damaged-mend"),
    "database-unopened": Message("database-unopened-mend"),
    "database-readonly": Message("database-readonly-mend"),
    "database-full": Message("database-full-mend"),
    "database-held": Message("database-held-mend"),
    "database-disk": Message("database-disk-mend"),
    "database-lacks": Message("database-lacks-mend"),
    "database-refuses": Message("database-refuses-mend"),
    "database-not-allowed": Message("database-not-allowed-mend"),
    "database-not-there": Message("database-not-there-mend"),
    "database-crowded": Message("database-crowded-mend"),
    "database-silent": Message("database-silent-mend"),
}


def explain(error: BaseException, url: URL) -> DatabaseError:
    """The fault of the database at ``url`` that ``error`` tells of."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    words = f"{type(cause).__name__} {cause}".lower()
    if url.get_backend_name() == "sqlite":
        key = _key(words, _SQLITE)
        place = Message("database-file", path=str(url.database))
        if key is None:
            return _kind(words)(Message("database-fails", place=place, why=_first_line(cause)))
        return _kind(words)(lacking(place, key))
    host = url.host or Message("local-socket")
    key = _key(words, _POSTGRESQL) or _SILENT
    kind = DatabaseAway if key == _SILENT else _kind(words)
    return kind(lacking(Message("database-server", host=host, port=url.port or 5432), key))


def lacking(place: Message, key: str) -> Message:
    """What is wrong at ``place``, with its mend, as a sentence."""
    return trouble(Message(key, place=place), MENDS[key])


def _kind(words: str) -> type[DatabaseError]:
    return DatabaseAway if any(sign in words for sign in _AWAY) else DatabaseError


def _key(words: str, table: tuple[tuple[tuple[str, ...], str], ...]) -> str | None:
    return next((key for signs, key in table if any(sign in words for sign in signs)), None)


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
