"""A call that no engine saw has the ticket that it would have had; over a real database."""

from pathlib import Path

import pytest

from ivr.calllog.applier import Applier
from ivr.calllog.events import AnyEvent, End
from ivr.calllog.spool import Spool
from ivr.calllog.writer import DatabaseWriter
from ivr.flow.service import Service, load
from ivr.settings import PROJECT
from ivr.tickets.database import Database
from ivr.tickets.models import Ticket
from ivr.tickets.tickets import Tickets
from ivr.unseen import UnseenCall, record

AT, NUMBER = 1_795_000_000.0, 10_000_004


@pytest.fixture(scope="module")
def service() -> Service:
    return load(PROJECT)


def unseen(
    *, caller: str = "89161234567", dialled: str = "88005553538", talk: float | None = None, message: str = ""
) -> UnseenCall:
    operator = "" if talk is None else "anna"
    return UnseenCall("c.9", AT, AT + 90, dialled, caller, operator, talk, True, message)


async def ticket(call: UnseenCall, service: Service, folder: Path, database: Database) -> Ticket:
    spool = Spool(folder / "spool")
    for _ in range(2):  # told again after a crash: the second telling changes nothing
        record(call, service, lambda: NUMBER, spool)
        await Applier(spool, DatabaseWriter(database, spool.folder)).drain()
    assert await Tickets(database).known("c.9")
    page = await Tickets(database).list()
    assert len(page.tickets) == 1
    spool.close()
    return page.tickets[0]


async def test_it_has_line_region_language_and_caller(
    service: Service, tmp_path: Path, sqlite_database: Database
) -> None:
    its = await ticket(unseen(), service, tmp_path, sqlite_database)
    assert (its.number, its.called, its.caller) == (NUMBER, "+78005553538", "+79161234567")
    assert (its.line, its.region, its.language) == ("tatarstan", "tatarstan", "tt")
    assert its.registered_at.timestamp() == AT
    assert its.end == End.INTERRUPTED


async def test_a_conversation_that_asterisk_brought_about_alone(
    service: Service, tmp_path: Path, sqlite_database: Database
) -> None:
    its = await ticket(unseen(talk=63.0), service, tmp_path, sqlite_database)
    assert (its.end, its.operator, its.talk_seconds) == (End.STATIC, "anna", 63)


async def test_a_message_left_with_asterisk_alone(service: Service, tmp_path: Path, sqlite_database: Database) -> None:
    its = await ticket(unseen(message="fallback/c.9.wav"), service, tmp_path, sqlite_database)
    assert its.end == End.MESSAGE
    assert "fallback/c.9.wav" in str(vars(its))


@pytest.mark.parametrize("dialled", ["", "0", "74951112233"])
async def test_a_number_of_no_line_and_a_withheld_caller(
    service: Service, tmp_path: Path, sqlite_database: Database, dialled: str
) -> None:
    its = await ticket(unseen(dialled=dialled, caller=""), service, tmp_path, sqlite_database)
    assert (its.line, its.caller, its.dialled) == ("unknown", "", dialled)


def test_its_events_are_numbered_from_one_without_a_gap(service: Service) -> None:
    class Log:
        def __init__(self) -> None:
            self.seqs: list[int] = []

        def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
            self.seqs.append(seq)

    log = Log()
    record(unseen(talk=1.0), service, lambda: NUMBER, log)
    assert log.seqs == [1, 2, 3, 4]
