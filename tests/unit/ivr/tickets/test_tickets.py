import json
import socket
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from ivr.call import LookupFailed
from ivr.calllog.events import Answered, CallbackAsked, End, Ended, Entry, Identified, Rated, SectionChosen, Started
from ivr.tickets.database import Database
from ivr.tickets.numbers import with_check_digit
from ivr.tickets.record import Recorder
from ivr.tickets.statuses import StatusRefused
from ivr.tickets.tickets import Filter, Tickets, TicketUnknown
from ivr.tickets.vault import Key, Vault
from ivr.tickets.views import found_view

T = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
VAULT = Vault([Key(b"k" * 32)], clock=T.timestamp)
NUMBERS = [with_check_digit(1_000_000 + index) for index in range(25)]


@pytest.fixture
async def tickets(database) -> Tickets:
    """25 tickets, two at each moment; every third is about documents; one caller gave a SNILS."""
    entries = []
    for index, number in enumerate(NUMBERS):
        at = (T + timedelta(minutes=index // 2)).timestamp()
        caller = f"+7916000000{index % 5}"
        story = [
            Started(
                at=at,
                ticket=number,
                called="+78005553535",
                caller=caller,
                line="moscow",
                region="77",
                language="ru",
                flow="main",
            )
        ]
        if index % 3 == 0:
            story.append(SectionChosen(at=at, section="documents", term="7 working days"))
        if index == 1:
            story.append(Answered(at=at + 1, operator="op-1"))
        if index == 7:
            story.append(VAULT.seal("snils", "112-233-445 95"))
        story.append(Ended(at=at + 5, end=End.COMPLETED))
        entries += [Entry(f"call-{index}", seq, event) for seq, event in enumerate(story, 1)]
    await Recorder(database).record(entries)
    return Tickets(database)


async def test_status_for_a_caller(tickets):
    status = await tickets.status(NUMBERS[0])
    assert status is not None
    assert (status.number, status.status, status.changed, status.expected) == (
        NUMBERS[0],
        "registered",
        date(2026, 3, 5),
        date(2026, 3, 17),
    )
    assert await tickets.status(with_check_digit(7_777_777)) is None


async def test_who_spoke_with_the_caller_is_told_with_the_request(tickets):
    first, second = [await tickets.status(number) for number in NUMBERS[:2]]
    assert first is not None and second is not None
    assert (first.operator, second.operator) == ("", "op-1")


async def test_nothing_is_expected_of_a_finished_request(tickets):
    await tickets.set_status(NUMBERS[0], "done", by="anna")
    status = await tickets.status(NUMBERS[0])
    assert status is not None and status.expected is None


async def test_a_lookup_that_fails_says_so(tmp_path):
    (tmp_path / "k.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises(LookupFailed, match="damaged"):
        await Tickets(Database(f"sqlite+aiosqlite:///{tmp_path}/k.db")).status(10000004)


async def test_a_lookup_ends_in_two_seconds_though_the_database_hangs(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and never says a word
        database = Database(f"postgresql+asyncpg://ivr@127.0.0.1:{silent.getsockname()[1]}/ivr")
        monkeypatch.setattr("ivr.tickets.tickets.STATUS_SECONDS", 0.2)
        began = time.monotonic()
        with pytest.raises(LookupFailed):
            await Tickets(database).status(10000004)
        assert time.monotonic() - began < 1
        await database.close()


async def test_pages_hold_every_ticket_once_newest_first(tickets):
    seen, after = [], None
    while True:
        page = await tickets.list(limit=4, after=after)
        seen += [ticket.number for ticket in page.tickets]
        if (after := page.next) is None:
            break
    assert len(seen) == 25 and set(seen) == set(NUMBERS)
    assert seen[-2:] == [NUMBERS[1], NUMBERS[0]]


async def test_filters(tickets):
    await tickets.set_status(NUMBERS[4], "in-progress", by="anna")

    async def count(**wanted) -> int:
        return len((await tickets.list(Filter(**wanted))).tickets)

    assert await count(caller="+79160000002") == 5
    assert await count(section="documents") == 9
    assert await count(section="documents", caller="+79160000000") == 2
    assert await count(status="in-progress") == 1
    assert await count(region="78") == 0
    assert await count(since=T + timedelta(minutes=12)) == 1
    assert await count(until=T + timedelta(minutes=1)) == 2
    assert await count(digests=VAULT.digests("snils", "11223344595")) == 1
    with pytest.raises(ValueError, match="no place in the list"):
        await tickets.list(after="x'; DROP TABLE tickets; --")


async def test_a_ticket_is_read_whole_and_nothing_sealed_leaves(tickets):
    found = await tickets.get(NUMBERS[7])
    view = found_view(found)
    assert view["identification"] == [{"kind": "snils", "masked": "*********95"}]
    assert [event["type"] for event in view["events"]] == ["started", "identified", "ended"]
    sealed = next(entry.event for entry in found.events if isinstance(entry.event, Identified))
    assert sealed.sealed not in json.dumps(view) and sealed.digest not in json.dumps(view)
    assert await tickets.get(10000000) is None


async def test_a_rating_and_a_callback_are_kept_with_the_ticket(tickets, database):
    at, sealed = T.timestamp(), VAULT.seal("phone", "+79031234567")
    asked = CallbackAsked(
        at=at,
        queue="technical",
        needs={"technical": 1},
        since=at - 60,
        opens=at,
        closes=at + 3600,
        masked=sealed.masked,
        sealed=sealed.sealed,
        digest=sealed.digest,
    )
    story = [Entry("call-0", 4, Rated(at=at, rating=4)), Entry("call-0", 5, asked)]
    await Recorder(database).record(story)
    await Recorder(database).record(story)
    view = found_view(await tickets.get(NUMBERS[0]))
    assert view["rating"] == 4
    assert view["callback"] == {
        "queue": "technical",
        "since": "2026-03-05T08:59:00.000Z",
        "opens_at": "2026-03-05T09:00:00.000Z",
        "closes_at": "2026-03-05T10:00:00.000Z",
        "masked": "*********567",
        "status": "waiting",
    }
    assert sealed.sealed not in json.dumps(view)


async def test_history_of_status(tickets):
    await tickets.set_status(NUMBERS[0], "in-progress", by="anna")
    state = await tickets.set_status(NUMBERS[0], "refused", by="boris", reason="no signature")
    assert state.status == (await tickets.get(NUMBERS[0])).ticket.status == "refused"
    assert [(change.before, change.after, change.by, change.reason) for change in state.history] == [
        ("registered", "in-progress", "anna", ""),
        ("in-progress", "refused", "boris", "no signature"),
    ]


async def test_changes_that_cannot_be(tickets):
    with pytest.raises(StatusRefused, match="what may: in-progress, done, refused"):
        await tickets.set_status(NUMBERS[0], "approved", by="anna")
    with pytest.raises(TicketUnknown):
        await tickets.set_status(10000000, "done", by="anna")
    found = await tickets.get(NUMBERS[0])
    assert found.log == [] and found.ticket.status == "registered"


async def test_how_often_a_number_has_called_before(tickets):
    began = T.timestamp()
    assert await tickets.calls_between("+79160000000", began, began + 3600) == 5
    assert await tickets.calls_between("+79160000000", began, began) == 0
    assert await tickets.calls_between("+79169999999", began, began + 3600) == 0


async def test_a_history_that_cannot_be_told_is_none(tmp_path):
    away = Tickets(Database(f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/x.db"))
    assert await away.calls_between("+79160000000", 0, 1) == 0
