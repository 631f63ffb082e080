"""The whole engine without Asterisk: a scripted peer hands calls over, loses them, and hands them over again."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url

from ivr.app import Engine
from ivr.calllog.carried import CARRIED
from ivr.calllog.events import Ended, LetGo, Resumed, Started
from ivr.copied_operators import COPY
from ivr.opening import Opening
from ivr.reception import MOST_AT_WORK
from ivr.settings import PROJECT, Settings
from ivr.tickets.database import Database, DatabaseError
from ivr.tickets.events import Opened
from ivr.tickets.tickets import Found
from routing.model import OperatorState
from tests.agi.asterisk import HEADER
from tests.ports import free
from tests.until import until

DONE = "SET VARIABLE KOMMUTATOR_DONE 1"


class Peer:
    """Asterisk's side of one hand-over. What cannot be played or pressed takes no time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.heard: list[str] = []

    async def answers(self, commands: int = 10_000) -> None:
        """Say yes to so many commands, or until the engine has had its last word."""
        async with asyncio.timeout(20):
            while len(self.heard) < commands and (line := await self.reader.readline()):
                self.heard.append(line.decode().strip())
                looked = line.startswith(b"GET FULL VARIABLE")
                self.writer.write(b"200 result=1 (TIMEOUT||)\n" if looked else b"200 result=0\n")

    def hangs_up(self) -> None:
        self.writer.write(b"HANGUP\n")

    def dies(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def handed_over(engine: Engine, call_id: str) -> AsyncIterator[Peer]:
    reader, writer = await asyncio.open_connection("127.0.0.1", engine.settings.agi_port)
    writer.write(HEADER.replace(b"1700000000.1", call_id.encode()))
    try:
        yield Peer(reader, writer)
    finally:
        writer.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    names = ("IVR_SIP_PORT", "IVR_HTTP_PORT", "IVR_AGI_PORT", "IVR_AMI_PORT", "IVR_WS_PORT")
    ports = dict(zip(names, map(str, free(5)), strict=True))
    return Settings.from_environment({**ports, "IVR_STATE": str(tmp_path), "IVR_CONFIG": str(PROJECT)})


async def ticket(engine: Engine) -> Found:
    """The only one."""
    await engine.storage.applier.drain()
    (its,) = (await engine.storage.tickets.list()).tickets
    found = await engine.storage.tickets.get(its.number)
    assert found is not None
    return found


async def lost(engine: Engine, call_id: str) -> None:
    async with asyncio.timeout(5):
        while call_id not in engine.earlier.unfinished:
            await asyncio.sleep(0.005)


def kinds(found: Found) -> list[type]:
    return [type(entry.event) for entry in found.events]


async def test_a_call_is_served_to_its_end_and_the_last_word_is_ours(settings: Settings) -> None:
    async with Engine(settings).running() as engine, handed_over(engine, "c.1") as peer:
        await peer.answers(commands=3)
        peer.hangs_up()
        await peer.answers()
        assert peer.heard[-1] == DONE
        assert kinds(await ticket(engine)).count(Ended) == 1


async def test_a_ticket_that_is_overdue_is_handed_up_by_the_rules_of_the_service(settings: Settings) -> None:
    letter = Opened(at=time.time() - 25 * 3600, by="anna", channel="letter", term="24h")
    async with Engine(settings).running() as engine, asyncio.timeout(20):
        await engine.storage.tickets.open(letter)
        while not (found := await ticket(engine)).state.escalations:
            await asyncio.sleep(0.02)
    assert (found.ticket.level, found.ticket.priority) == ("senior", 2)


async def test_a_call_whose_connection_was_lost_is_taken_up_and_stays_one_ticket(settings: Settings) -> None:
    async with Engine(settings).running() as engine:
        async with handed_over(engine, "c.1") as peer:
            await peer.answers(commands=3)
            peer.dies()
            await lost(engine, "c.1")
        assert DONE not in peer.heard
        before = await ticket(engine)
        assert Ended not in kinds(before)
        async with handed_over(engine, "c.1") as again:
            await again.answers(commands=3)
            again.hangs_up()
            await again.answers()
        after = await ticket(engine)
        assert again.heard[-1] == DONE
        assert after.ticket.number == before.ticket.number
        assert [kinds(after).count(kind) for kind in (Started, Resumed, Ended)] == [1, 1, 1]
        went_on = [entry.event.version for entry in after.events if isinstance(entry.event, Resumed)]
        assert [after.ticket.version] == went_on == [engine.live.version]


async def test_a_call_that_goes_on_on_another_configuration_says_so(settings: Settings, tmp_path: Path) -> None:
    """A file changed between two engines: the ticket has the last version, its events have both."""
    config = tmp_path / "config"
    for name in ("dialplans", "recordings/prompts"):
        shutil.copytree(PROJECT / name, config / name)
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, config)
    changing = replace(settings, config=config)
    async with Engine(changing).running() as engine, handed_over(engine, "c.1") as peer:
        await peer.answers(commands=3)
        peer.dies()
        await lost(engine, "c.1")
        began = engine.live.version
    queues = config / "queues.yaml"
    queues.write_text(queues.read_text().replace("ring: 20s", "ring: 21s"))
    async with Engine(changing).running() as engine:
        async with handed_over(engine, "c.1") as peer:
            await peer.answers(commands=3)
            peer.hangs_up()
            await peer.answers()
        found, went_on = await ticket(engine), engine.live.version
    told = [each.event.version for each in found.events if isinstance(each.event, Started | Resumed)]
    assert told == [began, went_on] and began != went_on
    assert found.ticket.version == went_on


async def test_a_call_that_cost_too_many_engines_is_left_to_asterisk_and_its_ticket_says_so(settings: Settings) -> None:
    async with Engine(settings).running() as engine:
        for _ in range(MOST_AT_WORK + 1):
            async with handed_over(engine, "c.1") as peer:
                await peer.reader.readline()
                peer.dies()
                await lost(engine, "c.1")
        async with handed_over(engine, "c.1") as last:
            await last.answers()
        assert last.heard == ["SET VARIABLE KOMMUTATOR_PEOPLE 1"]
        found = await ticket(engine)
        assert kinds(found)[-1] is LetGo
        assert "lost 5 times" in found.events[-1].event.why
        async with handed_over(engine, "c.2") as other:
            await other.answers(commands=3)
            other.hangs_up()
            await other.answers()
        assert other.heard[-1] == DONE


async def test_a_stopped_engine_leaves_its_calls_to_the_next_one(settings: Settings) -> None:
    async with AsyncExitStack() as afterwards:
        async with Engine(settings).running() as engine:
            peer = await afterwards.enter_async_context(handed_over(engine, "c.1"))
            await peer.answers(commands=3)
            number = engine.reception.calls()[0].ticket
        with contextlib.suppress(ConnectionError):
            await peer.answers()
        assert DONE not in peer.heard
    async with Engine(settings).running() as following:
        assert [call.ticket for call in following.earlier.unfinished.all()] == [number]
        assert Ended not in kinds(await ticket(following))


async def test_a_peer_that_is_no_call_gets_no_ticket(settings: Settings) -> None:
    async with Engine(settings).running() as engine:
        async with handed_over(engine, "") as peer:
            await peer.answers()
        assert peer.heard == []
        await engine.storage.applier.drain()
        assert (await engine.storage.tickets.list()).tickets == []


async def test_a_port_that_is_taken_is_told_as_such(settings: Settings) -> None:
    """Not as a group of groups of failures."""
    taken = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", settings.agi_port)
    async with taken:
        with pytest.raises(OSError, match="IVR_AGI_PORT"):
            async with Engine(settings).running():
                pass


@contextlib.contextmanager
def database_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Another program holds it, until what this yields is called; nobody has five seconds for that here."""
    path = make_url(settings.database_url).database
    assert path is not None
    with monkeypatch.context() as patched, contextlib.closing(sqlite3.connect(path)) as other:
        patched.setattr("ivr.app.storage.Database", lambda url: Database(url, busy=0.05))
        patched.setattr("ivr.app.earlier.Opening", partial(Opening, retry=0.05))
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        yield other.rollback


async def test_an_engine_that_starts_without_its_database_serves_calls_and_catches_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as afterwards, Engine(settings).running() as engine:
        await engine.floor.operators.add("anna", "Anna", {"technical": 3}, "correct horse")
        engine.floor.operators.ready("anna")
        await until(lambda: engine.floor.shifts.settled)
        peer = await afterwards.enter_async_context(handed_over(engine, "c.1"))
        await peer.answers(commands=3)
        number = engine.reception.calls()[0].ticket
        killed = shutil.copytree(engine.storage.spool.folder, settings.state / "killed")
    shutil.rmtree(engine.storage.spool.folder)
    killed.rename(engine.storage.spool.folder)
    assert (settings.state / COPY).stat().st_mode & 0o777 == 0o600
    with database_away(settings, monkeypatch) as comes_back:
        async with Engine(settings).running() as engine:
            assert [call.ticket for call in engine.earlier.unfinished.all()] == [number]
            assert [(view.id, view.state) for view in engine.floor.dispatcher.operators()] == [
                ("anna", OperatorState.READY)
            ]
            assert not (await engine.conditions.database()).ok
            async with handed_over(engine, "c.2") as peer:
                await peer.answers(commands=3)
                assert len(str(engine.reception.calls()[0].ticket)) == 14
                peer.hangs_up()
                await peer.answers()
            assert peer.heard[-1] == DONE
            engine.floor.operators.not_ready("anna", "обед")
            comes_back()
            await until(
                lambda: (
                    engine.earlier.opening.opened.is_set()
                    and engine.floor.operators.loaded
                    and engine.storage.numbers.ahead > 0
                )
            )
            assert (await engine.conditions.database()).ok
            await engine.storage.applier.drain()
            assert len((await engine.storage.tickets.list()).tickets) == 2
            assert [call.call_id for call in engine.earlier.unfinished.all()] == ["c.1"]
            assert engine.floor.dispatcher.operators()[0].reason == "обед", "where she stands now, not where she stood"


async def test_a_call_of_a_stopped_engine_stays_one_ticket_though_the_database_is_away_at_the_next_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Engine(settings).running() as engine, AsyncExitStack() as afterwards:
        peer = await afterwards.enter_async_context(handed_over(engine, "c.1"))
        await peer.answers(commands=3)
        number = engine.reception.calls()[0].ticket
        await engine.storage.applier.drain()  # at its end an engine takes two seconds for that
        afterwards.pop_all()  # the connection ends with the engine
    assert list(engine.storage.spool.folder.iterdir()) == []
    assert (settings.state / CARRIED).stat().st_mode & 0o777 == 0o600
    with database_away(settings, monkeypatch) as comes_back:
        async with Engine(settings).running() as engine, handed_over(engine, "c.1") as again:
            await again.answers(commands=1)
            assert [call.ticket for call in engine.reception.calls()] == [number]
        async with Engine(settings).running() as engine, handed_over(engine, "c.1") as last:
            await last.answers(commands=1)
            comes_back()
            await until(engine.earlier.opening.opened.is_set)
            last.hangs_up()
            await last.answers()
            found = await ticket(engine)
    assert not (settings.state / CARRIED).exists(), "nothing is open"
    assert found.ticket.number == number
    assert [kinds(found).count(kind) for kind in (Started, Resumed, Ended)] == [1, 2, 1]
    assert [entry.seq for entry in found.events] == list(range(1, len(found.events) + 1))


async def killed(engine: Engine, to: Path) -> None:
    """What ``kill -9`` would leave now, all being in the database and the spool's older files gone."""
    await engine.storage.applier.drain()
    shutil.copytree(engine.settings.state, to, ignore=shutil.ignore_patterns("asterisk"))


@pytest.mark.parametrize("stopped_before", [False, True])
async def test_a_call_of_a_killed_engine_stays_one_ticket_though_spool_and_database_have_nothing_of_its_beginning(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, stopped_before: bool
) -> None:
    left = tmp_path_factory.mktemp("killed") / "state"
    async with Engine(settings).running() as engine, AsyncExitStack() as afterwards:
        engine.storage.spool._writer._segment_bytes = 1  # as after a thousand calls more
        peer = await afterwards.enter_async_context(handed_over(engine, "c.1"))
        await peer.answers(commands=3)
        number = engine.reception.calls()[0].ticket
        if not stopped_before:
            await killed(engine, left)
        afterwards.pop_all()
    if stopped_before:
        async with Engine(settings).running() as engine:
            await killed(engine, left)
    shutil.rmtree(settings.state)
    left.rename(settings.state)
    assert not [path for path in (settings.state / "spool").glob("*") if "started" in path.read_text()]
    with database_away(settings, monkeypatch) as comes_back:
        async with Engine(settings).running() as engine, handed_over(engine, "c.1") as again:
            await again.answers(commands=1)
            assert [call.ticket for call in engine.reception.calls()] == [number]
            comes_back()
            await until(engine.earlier.opening.opened.is_set)
            again.hangs_up()
            await again.answers()
            found = await ticket(engine)
    assert found.ticket.number == number
    assert [kinds(found).count(kind) for kind in (Started, Resumed, Ended)] == [1, 1, 1]


async def test_open_calls_that_cannot_be_read_keep_no_engine_from_its_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Engine(settings).running():
        pass
    (settings.state / CARRIED).write_text('[{"call_id": 7}]')
    with database_away(settings, monkeypatch):
        async with Engine(settings).running() as engine:
            assert len(engine.earlier.unfinished) == 0


async def test_calls_that_the_database_alone_knows_are_adopted_when_it_is_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as afterwards, Engine(settings).running() as engine:
        peer = await afterwards.enter_async_context(handed_over(engine, "c.1"))
        await peer.answers(commands=3)
        await engine.storage.applier.drain()
    assert list(engine.storage.spool.folder.iterdir()) == []
    (settings.state / CARRIED).unlink()
    with database_away(settings, monkeypatch) as comes_back:
        async with Engine(settings).running() as engine, handed_over(engine, "c.2") as new:
            assert len(engine.earlier.unfinished) == 0
            await new.answers(commands=3)
            comes_back()
            await until(lambda: "c.1" in engine.earlier.unfinished)
            assert "c.2" not in engine.earlier.unfinished


async def test_a_damaged_database_is_told_and_ends_the_start(settings: Settings) -> None:
    path = make_url(settings.database_url).database
    assert path is not None
    Path(path).write_bytes(b"this was a database once " * 1000)
    with pytest.raises(DatabaseError, match="damaged"):
        async with Engine(settings).running():
            pass
