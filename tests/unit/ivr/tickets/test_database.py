import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from ivr.calllog.events import Entry, Started
from ivr.messages import told, words_of
from ivr.tickets import migrations
from ivr.tickets.database import Database, DatabaseError
from ivr.tickets.models import Ticket
from ivr.tickets.record import Recorder
from ivr.tickets.tickets import Tickets
from tests.ports import free

ALL_BUT_WORDS = {"include_name": lambda name, kind, parent: "words" not in str(name) or kind == "column"}
"""The index of words is each database's own, made by hand."""


async def refused(url: str, words: str) -> None:
    database = Database(url)
    with pytest.raises(DatabaseError, match=words):
        await database.migrate()
    await database.close()


async def test_migrating_twice_changes_nothing(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/folder/is/made/k.db")
    await database.migrate()
    await database.migrate()
    await database.check()
    await database.close()


async def test_migrations_make_what_the_models_say(database):
    async with database._engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts=ALL_BUT_WORDS), Ticket.metadata)
        )
    assert difference == []


async def test_tickets_of_earlier_calls_are_given_the_version_that_their_first_event_names(database):
    beginning = {"at": 1.0, "called": "", "caller": "", "line": "", "region": "", "language": "ru", "flow": "main"}
    calls = [Started(ticket=10000004, version="0123456789ab", **beginning), Started(ticket=10000011, **beginning)]
    await Recorder(database).record([Entry(str(each.ticket), 1, each) for each in calls])

    def again(connection):
        connection.execute(text("ALTER TABLE tickets DROP COLUMN version"))
        with Operations.context(MigrationContext.configure(connection)):
            ScriptDirectory(str(Path(migrations.__file__).parent)).get_revision("0005").module.upgrade()

    async with database._connection(writing=True) as connection:
        await connection.run_sync(again)
    versions = [each.version for each in (await Tickets(database).list()).tickets]
    assert sorted(versions) == ["", "0123456789ab"]


async def test_statuses_and_wrap_ups_of_earlier_versions_are_in_the_log(url, database):
    beginning = {"at": 1.0, "called": "", "caller": "", "line": "", "region": "", "language": "ru", "flow": "main"}
    await Recorder(database).record([Entry("c", 1, Started(ticket=10000004, **beginning))])
    script = ScriptDirectory(str(Path(migrations.__file__).parent))

    def as_before(connection):
        for old in ("ix_tickets_due", "ix_tickets_working"):
            connection.execute(text(f"DROP INDEX {old}"))
        for name in ("due_at", "complexity", "priority", "revision", "assignee", "level", "first_call_resolved"):
            connection.execute(text(f"ALTER TABLE tickets DROP COLUMN {name}"))
        connection.execute(text("DROP TABLE ticket_events"))
        key = "INTEGER PRIMARY KEY" if database.sqlite else "BIGSERIAL PRIMARY KEY"
        moment = "DATETIME" if database.sqlite else "TIMESTAMPTZ"
        connection.execute(
            text(
                f"CREATE TABLE status_changes (id {key}, number BIGINT, at {moment}, before TEXT, after TEXT,"
                ' "by" TEXT, reason TEXT)'
            )
        )
        with Operations.context(MigrationContext.configure(connection)):
            script.get_revision("0006").module.upgrade.__globals__["op"].execute("DROP TABLE IF EXISTS wrap_ups")
            script.get_revision("0006").module.upgrade()
        at = "2026-03-05 09:00:00.500000" + ("" if database.sqlite else "+00")
        connection.execute(
            text(
                'INSERT INTO status_changes (number, at, before, after, "by", reason)'
                f" VALUES (10000004, '{at}', 'registered', 'in-progress', 'anna', 'взято «в работу»')"
            )
        )
        later = at.replace("09:", "10:")
        connection.execute(
            text(f"INSERT INTO wrap_ups (number, at, code, \"by\") VALUES (10000004, '{later}', 'resolved', 'boris')")
        )
        connection.execute(text("UPDATE tickets SET status = 'in-progress', expected_on = '2026-03-17'"))
        with Operations.context(MigrationContext.configure(connection)):
            script.get_revision("0008").module.upgrade()

    async with database._connection(writing=True) as connection:
        await connection.run_sync(as_before)
    found = await Tickets(database).get(10000004)
    [moved], [said] = found.state.history, found.state.wrap_ups
    assert (moved.by, moved.before, moved.after, moved.reason) == (
        "anna",
        "registered",
        "in-progress",
        "взято «в работу»",
    )
    assert moved.at == pytest.approx(datetime(2026, 3, 5, 9, 0, 0, 500000, UTC).timestamp(), abs=0.001)
    assert (said.code, said.by, found.ticket.revision) == ("resolved", "boris", 2)
    assert found.ticket.due_at == datetime(2026, 3, 17, 21, 0, tzinfo=UTC)


async def test_sqlite_is_safe_against_a_power_failure(sqlite_database):
    async with sqlite_database.read() as session:
        asked = [(await session.execute(text(f"PRAGMA {name}"))).scalar() for name in ("journal_mode", "synchronous")]
        assert asked == ["wal", 2]
        assert (await session.execute(text("PRAGMA foreign_keys"))).scalar() == 1


async def test_newer_database_is_left_alone(sqlite_url, sqlite_database):
    async with sqlite_database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await refused(sqlite_url, "newer version of Kommutator.*9999.*install that version")


async def test_damaged_file(tmp_path):
    (tmp_path / "k.db").write_bytes(b"this was a database once " * 1000)
    await refused(f"sqlite+aiosqlite:///{tmp_path / 'k.db'}", "k.db is damaged.*restore a backup")


async def test_damage_inside_is_found_by_check(sqlite_url, sqlite_database, tmp_path):
    await sqlite_database.close()
    path = tmp_path / "kommutator.db"
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 6] = os.urandom(4096 * 4)
    path.write_bytes(data)
    damaged = Database(sqlite_url)
    with pytest.raises(DatabaseError, match="damaged"):
        await damaged.check()
    await damaged.close()


async def test_a_table_that_is_gone_is_told_before_any_call_misses_it(sqlite_url, sqlite_database):
    async with sqlite_database.write() as session:
        await session.execute(text("DROP TABLE callbacks"))
    await sqlite_database.close()
    again = Database(sqlite_url)
    for look in (again.migrate, again.check):
        with pytest.raises(DatabaseError, match=r"lacks tables.*restore a backup"):
            await look()
    await again.close()


async def test_a_damaged_file_is_told_in_russian_too(tmp_path):
    (tmp_path / "k.db").write_bytes(b"this was a database once " * 1000)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'k.db'}")
    with pytest.raises(DatabaseError) as refusal:
        await database.migrate()
    await database.close()
    assert "повреждена: остановите линию" in told(words_of(refusal.value), "ru")


async def test_no_folder(tmp_path):
    (tmp_path / "file").touch()
    await refused(f"sqlite+aiosqlite:///{tmp_path}/file/k.db", "cannot be opened: create its folder")


async def test_a_failed_write_leaves_nothing(sqlite_database):
    with pytest.raises(DatabaseError, match="lacks tables"):
        async with sqlite_database.write() as session:
            await session.execute(text("UPDATE number_counter SET next = 5"))
            await session.execute(text("DELETE FROM absent"))
    async with sqlite_database.read() as session:
        assert (await session.execute(text("SELECT next FROM number_counter"))).scalar() == 1_000_000


async def test_postgresql_away_tells_where_and_hides_the_password(free_port):
    database = Database(f"postgresql+asyncpg://ivr:secret-word@127.0.0.1:{free_port}/ivr")
    with pytest.raises(DatabaseError, match=re.escape(f"127.0.0.1:{free_port} does not answer")) as caught:
        await database.migrate()
    assert "secret-word" not in str(caught.value)
    await database.close()


@pytest.fixture
def free_port() -> int:
    return free()[0]
