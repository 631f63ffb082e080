"""The real process that writes tickets, on a real file: asked, killed, held up, and left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ivr.calllog.applier import Applier
from ivr.calllog.events import encode
from ivr.calllog.segments import Lines
from ivr.calllog.spool import Spool
from ivr.calllog.writer import REJECTED
from ivr.calllog.writer_process import SOURCE, WriterProcess
from ivr.messages import told, words_of
from ivr.tickets.database import Database
from ivr.tickets.faults import DatabaseAway, DatabaseError
from ivr.tickets.models import CallEvent, Ticket
from tests.unit.ivr.calllog.test_applier import a_call, append
from tests.until import until


@pytest.fixture
async def writer(database: Database, tmp_path: Path) -> AsyncIterator[WriterProcess]:
    (tmp_path / "spool").mkdir()
    made = WriterProcess(database.url.render_as_string(hide_password=False), tmp_path / "spool")
    yield made
    await made.close()
    assert made.pid is None


def lines(call_id: str, ticket: int) -> Lines:
    return Lines([encode(entry) for entry in a_call(call_id, ticket)])


async def tickets(database: Database) -> list[str]:
    async with database.read() as session:
        return list(await session.scalars(select(Ticket.call_id).order_by(Ticket.call_id)))


async def test_what_it_has_answered_is_in_the_database(writer: WriterProcess, database: Database) -> None:
    await writer.write(lines("c1", 10000004))
    assert await tickets(database) == ["c1"]
    first = writer.pid
    await writer.write(lines("c2", 10000017))
    assert await tickets(database) == ["c1", "c2"]
    assert writer.pid == first


async def test_a_killed_one_is_told_and_the_next_write_has_another(writer: WriterProcess, database: Database) -> None:
    await writer.write(lines("c1", 10000004))
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    with pytest.raises(DatabaseAway, match="started again"):
        await writer.write(lines("c2", 10000017))
    await writer.write(lines("c2", 10000017))
    assert await tickets(database) == ["c1", "c2"]


async def test_a_hung_one_is_replaced(database: Database, tmp_path: Path) -> None:
    writer = WriterProcess(database.url.render_as_string(hide_password=False), tmp_path, limit=10.0)
    await writer.write(lines("c1", 10000004))
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGSTOP)
    writer._limit = 0.2
    with pytest.raises(DatabaseAway, match=r"did not answer within 0\.2 s"):
        await writer.write(lines("c2", 10000017))
    writer._limit = 10.0
    await writer.write(lines("c2", 10000017))
    assert await tickets(database) == ["c1", "c2"]
    await writer.close()


async def test_a_database_that_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    (tmp_path / "k.db").write_bytes(b"no database " * 400)
    writer = WriterProcess(f"sqlite+aiosqlite:///{tmp_path}/k.db", tmp_path)
    with pytest.raises(DatabaseError, match="is damaged: stop the hotline") as refused:
        await writer.write(lines("c1", 10000004))
    assert "повреждена" in told(words_of(refused.value), "ru")
    await writer.close()


async def test_a_poisoned_call_is_put_aside_and_holds_up_no_other(
    writer: WriterProcess, database: Database, tmp_path: Path
) -> None:
    story = [*a_call("c1", 10000004), *a_call("c2", 10000004), *a_call("c3", 10000017)]
    await writer.write(Lines([encode(entry) for entry in story] + [b"garbage"]))
    assert await tickets(database) == ["c1", "c3"]
    assert len((tmp_path / "spool" / REJECTED).read_text().splitlines()) == 8


async def test_a_write_that_was_given_up_is_not_taken_for_the_next(
    sqlite_url: str, sqlite_database: Database, tmp_path: Path
) -> None:
    writer = WriterProcess(sqlite_url, tmp_path)
    await writer.write(lines("c1", 10000004))
    holder = sqlite3.connect(tmp_path / "kommutator.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    given_up = asyncio.create_task(writer.write(lines("c2", 10000017)))
    await asyncio.wait([given_up], timeout=0.1)
    given_up.cancel()
    await asyncio.wait([given_up])
    next_one = asyncio.create_task(writer.write(lines("c3", 10000020)))
    await asyncio.wait([next_one], timeout=0.1)
    assert not next_one.done()
    holder.execute("ROLLBACK")
    holder.close()
    await next_one
    assert await tickets(sqlite_database) == ["c1", "c2", "c3"]
    await writer.close()


def killed(pid: int | None) -> bool:
    """Whether there was such a process to kill: the one of a moment ago may be dead, and the next one not there yet."""
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


async def test_it_may_be_killed_at_any_moment_and_nothing_is_lost(
    writer: WriterProcess, database: Database, tmp_path: Path
) -> None:
    spool = Spool(tmp_path / "spool")
    applier = Applier(spool, writer, batch=9, linger=0, retry=(0.01, 0.02))
    task = asyncio.create_task(applier.run())
    try:
        for number in range(40):
            append(spool, a_call(f"c{number}", 10000000 + number))
            if number % 10 == 5:
                await until(lambda: killed(writer.pid), seconds=10)
        await until(lambda: spool.backlog_bytes == 0, seconds=30)
    finally:
        task.cancel()
        await asyncio.wait([task])
    async with database.read() as session:
        assert len(list(await session.scalars(select(CallEvent.seq)))) == 40 * 8
        assert len(set(await session.scalars(select(Ticket.number)))) == 40
    spool.close()


ENGINE = """
import asyncio, sys, uvloop
from pathlib import Path
from ivr.calllog.segments import Lines
from ivr.calllog.writer_process import WriterProcess
async def main():
    writer = WriterProcess(sys.argv[1], Path(sys.argv[2]))
    await writer.write(Lines([b"garbage"]))
    print(writer.pid, flush=True)
    await asyncio.sleep(60)
uvloop.run(main())
"""


def test_it_ends_when_its_engine_is_killed(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/k.db"
    command = [sys.executable, "-c", ENGINE, url, str(tmp_path)]
    engine = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": SOURCE})
    assert engine.stdout is not None
    writer = int(next(line for line in engine.stdout if line.strip().isdigit()))  # what comes before is its log
    ending = os.pidfd_open(writer)
    engine.kill()
    engine.wait()
    engine.stdout.close()
    asyncio.run(readable(ending, 10.0))
    os.close(ending)


async def readable(descriptor: int, seconds: float) -> None:
    """Return when the process behind this descriptor has ended."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(descriptor, ended.set)
    async with asyncio.timeout(seconds):
        await ended.wait()
    asyncio.get_running_loop().remove_reader(descriptor)
