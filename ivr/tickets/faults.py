"""What is wrong with a database, in a sentence that says what to mend."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError


class DatabaseError(Exception):
    """The database cannot be used (now); the message says what to mend, and holds no password and no data."""


class DatabaseAway(DatabaseError):
    """Nobody answers there, or not in time: it may be over by itself, so nothing is to be ended because of it."""


LACKS = (
    "lacks tables that this version made: stop the hotline and restore a backup, or set IVR_DATABASE_URL to an empty "
    "database"
)

_SQLITE = (
    (("not a database", "malformed"), "is damaged: stop the hotline, keep a copy of the file, and restore a backup"),
    (("unable to open",), "cannot be opened: create its folder, or give this user the right to write there"),
    (("readonly",), "cannot be written: give this user the right to write the file and its folder"),
    (("disk is full",), "cannot grow, the disk is full: free some space"),
    (("is locked", "busy"), "is held by another program: end that program (an open editor, a backup)"),
    (("disk i/o error",), "cannot be read or written, the disk fails: look into the system's log"),
    (("no such table", "no such column"), LACKS),
)
_AWAY = ("is locked", "busy", "timeout", "too many")
"""Signs of a fault that passes; PostgreSQL's faults that no table knows are of that kind too: it starts, it stops."""

_POSTGRESQL = (
    (("password", "authentication", "no pg_hba.conf"), "refuses the user or password: mend IVR_DATABASE_URL"),
    (("relation", "column"), LACKS),
    (("does not exist",), "has no such database or role: create it (createdb NAME), or mend IVR_DATABASE_URL"),
    (("permission denied", "read-only"), "does not let this user write: grant the rights"),
    (("no space", "disk full"), "cannot grow, its disk is full: free some space"),
    (("too many",), "has no connection left: raise max_connections or end other clients"),
)


def explain(error: BaseException, url: URL) -> DatabaseError:
    """The fault of the database at ``url`` that ``error`` tells of."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    words = f"{type(cause).__name__} {cause}".lower()
    if url.get_backend_name() == "sqlite":
        told = _told(words, _SQLITE, f"fails: {_first_line(cause)}")
        return _kind(words)(f"The database {url.database} {told}.")
    place = f"The database at {url.host or 'the local socket'}:{url.port or 5432}"
    away = "does not answer: start PostgreSQL there, or mend IVR_DATABASE_URL"
    told = _told(words, _POSTGRESQL, away)
    return (DatabaseAway if told == away else _kind(words))(f"{place} {told}.")


def _kind(words: str) -> type[DatabaseError]:
    return DatabaseAway if any(sign in words for sign in _AWAY) else DatabaseError


def _told(words: str, table: tuple[tuple[tuple[str, ...], str], ...], otherwise: str) -> str:
    return next((mend for signs, mend in table if any(sign in words for sign in signs)), otherwise)


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
