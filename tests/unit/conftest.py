import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import create_engine

from ivr.tickets.database import Database
from ivr.tickets.migrations import upgrade
from tests import postgresql

PROGRAMS = postgresql.binaries()
BACKENDS = ["sqlite"] if PROGRAMS is None else ["sqlite", "postgresql"]
_numbers = count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    assert PROGRAMS is not None
    with postgresql.server(PROGRAMS) as running:
        yield running.url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from: migrating is slow, and tested by itself."""
    path = tmp_path_factory.mktemp("migrated") / "kommutator.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated: Path) -> str:
    return f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path / 'kommutator.db')}"


@pytest.fixture(params=BACKENDS)
async def url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    """A database of its own, on each of the two kinds."""
    if request.param == "sqlite":
        return sqlite_url
    server, name = request.getfixturevalue("postgresql_server"), f"test_{next(_numbers)}"
    if name == "test_1":
        await _create(server, "migrated", "template1")
        template = Database(f"{server}/migrated")
        await template.migrate()
        await template.close()
    await _create(server, name, "migrated")
    return f"{server}/{name}"


async def _create(server: str, name: str, template: str) -> None:
    connection = await asyncpg.connect(f"{server.replace('+asyncpg', '')}/postgres")
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    await connection.close()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url)
    await opened.migrate()
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = Database(sqlite_url)
    await opened.migrate()
    yield opened
    await opened.close()
