import asyncio
import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from structlog.testing import capture_logs

from ivr.calllog.applier import Applier, open_calls, spooled_calls
from ivr.calllog.carried import Carried
from ivr.calllog.events import (
    Answered,
    End,
    Ended,
    Entry,
    Identified,
    NodeEntered,
    Queued,
    SectionChosen,
    Started,
    TalkEnded,
    decode,
)
from ivr.calllog.spool import Spool
from ivr.calllog.writer import REJECTED, DatabaseWriter
from ivr.tickets.database import Database
from ivr.tickets.models import CallEvent, Ticket, TicketIdentifier
from ivr.tickets.record import Recorder, fold
from ivr.tickets.tickets import Tickets
from tests.until import until

T = 1_795_000_000.0


def a_call(call_id: str, ticket: int, at: float = T) -> list[Entry]:
    story = [
        Started(
            at=at,
            ticket=ticket,
            called="+78005553535",
            caller="+79161234567",
            line="m",
            region="77",
            language="ru",
            flow="main",
        ),
        NodeEntered(at=at + 1, flow="main", node="welcome"),
        SectionChosen(at=at + 2, section="technical"),
        Identified(at=at + 3, kind="snils", masked="*********95", sealed="v1.k.x", digest="d1"),
        Queued(at=at + 4, queue="technical", needs={"technical": 2}, since=at + 4),
        Answered(at=at + 14, operator="anna"),
        TalkEnded(at=at + 74, operator="anna", seconds=60),
        Ended(at=at + 75, end=End.ANSWERED),
    ]
    return [Entry(call_id, seq, event) for seq, event in enumerate(story, 1)]


def append(spool: Spool, entries: list[Entry]) -> None:
    for entry in entries:
        spool.append(entry.call_id, entry.seq, entry.event)


async def everything(database: Database) -> list[list[tuple]]:
    async with database.read() as session:
        queries = [select(model.__table__).order_by(text("1, 2")) for model in (Ticket, CallEvent, TicketIdentifier)]
        return [[tuple(row) for row in await session.execute(query)] for query in queries]


async def test_a_call_becomes_one_ticket(database, tmp_path):
    spool = Spool(tmp_path / "spool")
    append(spool, a_call("c1", 10000004))
    applier = Applier(spool, DatabaseWriter(database, spool.folder))
    await applier.drain()
    async with database.read() as session:
        ticket = await session.scalar(select(Ticket))
        identifier = await session.scalar(select(TicketIdentifier))
    assert ticket is not None and identifier is not None
    assert (ticket.number, ticket.section, ticket.operator, ticket.end) == (10000004, "technical", "anna", "answered")
    assert (ticket.wait_seconds, ticket.talk_seconds, ticket.path) == (10, 60, ["main.welcome"])
    assert ticket.status == "registered"
    assert ticket.registered_at.timestamp() == T
    assert identifier.masked == "*********95"
    assert applier.lag == 0
    spool.close()
    assert list((tmp_path / "spool").iterdir()) == []


async def test_applying_twice_changes_nothing(database):
    entries = a_call("c1", 10000004) + a_call("c2", 10000017)
    recorder = Recorder(database)
    await recorder.record(entries)
    once = await everything(database)
    await recorder.record(entries[:3])
    await Recorder(database).record(entries)
    assert await everything(database) == once
    assert [len(rows) for rows in once] == [2, 16, 2]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_of_batches_gives_the_same(data, tmp_path_factory, migrated):
    entries = a_call("c1", 10000004) + a_call("c2", 10000017)
    mixed = data.draw(st.permutations(entries))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(mixed) - 1), max_size=5)))
    batches = [mixed[start:end] for start, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]
    folder = tmp_path_factory.mktemp("order")
    assert asyncio.run(applied(migrated, folder / "a.db", [entries])) == asyncio.run(
        applied(migrated, folder / "b.db", batches)
    )


async def applied(migrated: Path, path: Path, batches: list[list[Entry]]) -> list[list[tuple]]:
    database = Database(f"sqlite+aiosqlite:///{shutil.copy(migrated, path)}")
    recorder = Recorder(database)
    for batch in batches:
        await recorder.record(batch)
    found = await everything(database)
    await database.close()
    return found


async def test_an_event_that_was_lost_harms_no_other(database):
    entries = a_call("c1", 10000004)
    await Recorder(database).record(entries[:2] + entries[4:])
    async with database.read() as session:
        ticket = await session.scalar(select(Ticket))
    assert ticket is not None
    assert (ticket.section, ticket.operator, ticket.end) == ("", "anna", "answered")


async def test_what_people_decided_survives_later_events(database):
    entries = a_call("c1", 10000004)
    recorder = Recorder(database)
    await recorder.record(entries[:5])
    await Tickets(database).set_status(10000004, "in-progress", by="anna")
    await recorder.record(entries[5:])
    async with database.read() as session:
        assert await session.scalar(select(Ticket.status)) == "in-progress"
        assert await session.scalar(select(Ticket.end)) == "answered"


async def test_calls_go_on_while_the_database_is_locked(sqlite_url, sqlite_database, tmp_path):
    spool = Spool(tmp_path / "spool")
    hasty = Database(sqlite_url, busy=0.05)
    applier = Applier(spool, DatabaseWriter(hasty, spool.folder), linger=0, retry=(0.01, 0.05))
    holder = sqlite3.connect(tmp_path / "kommutator.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    task = asyncio.create_task(applier.run())
    append(spool, a_call("c1", 10000004))
    await until(lambda: bool(applier.problem), seconds=10)
    assert "held by another program" in applier.problem
    assert applier.lag > 0
    holder.execute("ROLLBACK")
    holder.close()
    await until(lambda: not applier.problem)
    assert [len(rows) for rows in await everything(sqlite_database)] == [1, 8, 1]
    task.cancel()
    await asyncio.wait([task])
    await hasty.close()


async def test_run_applies_what_is_appended_and_its_last_words(database, tmp_path):
    spool = Spool(tmp_path / "spool")
    applier = Applier(spool, DatabaseWriter(database, spool.folder), linger=0)
    task = asyncio.create_task(applier.run())
    append(spool, a_call("c1", 10000004))
    await until(lambda: spool.backlog_bytes == 0)
    append(spool, a_call("c2", 10000017))
    task.cancel()
    await asyncio.wait([task])
    assert [len(rows) for rows in await everything(database)] == [2, 16, 2]
    spool.close()


async def test_a_call_that_cannot_be_stored_is_put_aside_and_holds_up_no_other(database, tmp_path):
    spool = Spool(tmp_path / "spool")
    append(spool, a_call("c1", 10000004) + a_call("c2", 10000004) + a_call("c3", 10000017))
    await Applier(spool, DatabaseWriter(database, spool.folder)).drain()
    async with database.read() as session:
        assert list(await session.scalars(select(Ticket.call_id).order_by(Ticket.call_id))) == ["c1", "c3"]
    assert len((tmp_path / "spool" / REJECTED).read_text().splitlines()) == 8
    spool.close()


@pytest.mark.parametrize("no_such_year", [1e14, 1e18, -1e18, 1e300])
async def test_a_call_that_nothing_can_be_made_of_is_put_aside_and_holds_up_no_other(database, tmp_path, no_such_year):
    """1e18 is an OSError of the C library's, which is no disk that may be mended: nothing is tried again."""
    spool = Spool(tmp_path / "spool")
    append(spool, a_call("c1", 10000004, no_such_year) + a_call("c2", 10000017))
    await Applier(spool, DatabaseWriter(database, spool.folder)).drain()
    async with database.read() as session:
        assert list(await session.scalars(select(Ticket.call_id))) == ["c2"]
    assert len((tmp_path / "spool" / REJECTED).read_text().splitlines()) == 8
    assert spool.backlog_bytes == 0
    spool.close()


@pytest.mark.parametrize("seq", range(2, 9))
async def test_an_event_that_cannot_be_stored_is_put_aside_alone(database, tmp_path, seq):
    spool = Spool(tmp_path / "spool")
    story = a_call("c1", 10000004)
    bad = msgspec.structs.replace(story[seq - 1].event, at=1e18)
    append(spool, [*story[: seq - 1], Entry("c1", seq, bad), *story[seq:]])
    with capture_logs() as said:
        await Applier(spool, DatabaseWriter(database, spool.folder)).drain()
    async with database.read() as session:
        assert await session.scalar(select(Ticket.number)) == 10000004
        assert set(await session.scalars(select(CallEvent.seq))) == {*range(1, 9)} - {seq}
    assert decode((tmp_path / "spool" / REJECTED).read_bytes()) == Entry("c1", seq, bad)
    assert [(line["call"], line["seq"]) for line in said] == [("c1", seq)]
    assert "*********95" not in str(said)
    spool.close()


async def test_open_calls_are_known_from_spool_and_database(database, tmp_path):
    spool = Spool(tmp_path / "spool")
    half = a_call("half", 10000004)
    append(spool, half[:3])
    append(spool, a_call("in-database", 10000017, T - 5)[:4])
    append(spool, a_call("over", 10000020))
    await Applier(spool, DatabaseWriter(database, spool.folder)).drain()
    append(spool, half[3:6])
    append(spool, a_call("in-spool", 10000033, T + 5)[:1])
    append(spool, a_call("over-in-spool", 10000046))
    calls = await open_calls(tmp_path / "spool", database)
    assert [(call.call_id, call.seq) for call in calls] == [("in-database", 4), ("half", 6), ("in-spool", 1)]
    assert calls[1].talking
    spool.close()


async def test_what_a_stopped_engine_left_and_a_killed_one_added_are_one_call(tmp_path):
    half, over, unknown = a_call("half", 10000004), a_call("over", 10000017), a_call("unknown", 10000020)
    carried = Carried(tmp_path)
    carried.keep([fold("half", half[:4]), fold("over", over[:6])])
    spool = Spool(tmp_path / "spool")
    append(spool, half[3:6] + over[6:] + unknown[3:6] + a_call("new", 10000033, T + 5)[:2])
    calls = await spooled_calls(tmp_path / "spool", carried.recall())
    assert calls == [fold("half", half[:6]), fold("new", a_call("new", 10000033, T + 5)[:2])]
    spool.close()


async def test_a_database_away_is_told_when_calls_are_looked_for(tmp_path):
    with pytest.raises(Exception, match="cannot be opened"):
        await open_calls(tmp_path, Database(f"sqlite+aiosqlite:///{tmp_path}/no/k.db"))
