"""The database's shape, version by version (Alembic), run by the program itself."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import ivr.tickets.answers
import ivr.tickets.people
import ivr.tickets.texts  # noqa: F401  # their tables are part of the shape
from ivr.messages import Message, trouble
from ivr.tickets.faults import DatabaseError
from ivr.tickets.models import Ticket

_LOCK = 7_464_001
"""A number of our own for PostgreSQL's advisory lock: two engines that start together migrate one after the other."""


def upgrade(connection: Connection) -> None:
    """Bring the database behind ``connection`` to the newest shape. Raises DatabaseError for one that is newer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config(connection)
    if _outdated(connection, config):
        command.upgrade(config, "head")


def lacking(connection: Connection) -> list[str]:
    """Tables of this version's shape that the database does not have though it says that it is of that shape."""
    return sorted(Ticket.metadata.tables.keys() - set(inspect(connection).get_table_names()))


def shaped(connection: Connection) -> bool:
    """Whether the database has been given any shape."""
    return bool(MigrationContext.configure(connection).get_current_heads())


def outdated(connection: Connection) -> bool:
    """Whether ``upgrade`` has something to do. Raises DatabaseError for a database that is newer."""
    return _outdated(connection, _config(connection))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def _outdated(connection: Connection, config: Config) -> bool:
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    found = set(MigrationContext.configure(connection).get_current_heads())
    if found - known:
        shape = ", ".join(sorted(found - known))
        raise DatabaseError(trouble(Message("database-newer", shape=shape), Message("database-newer-mend")))
    return found != set(scripts.get_heads())
