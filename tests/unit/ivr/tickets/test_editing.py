"""What people do to tickets: written whole or not at all, on both databases, beside calls that go on."""

import asyncio
from datetime import UTC, date, datetime

import msgspec
import pytest
from sqlalchemy import text

from ivr.calllog.events import End, Ended, Entry, SectionChosen, Started
from ivr.tickets.contacts import contact, given
from ivr.tickets.editing import TicketChanged, TicketUnknown
from ivr.tickets.events import (
    AnyTicketEvent,
    Assigned,
    Classified,
    Commented,
    Demanded,
    Escalated,
    Extended,
    Moved,
    Opened,
    Revealed,
)
from ivr.tickets.numbers import Numbers, with_check_digit
from ivr.tickets.record import Recorder
from ivr.tickets.state import TicketState, folded
from ivr.tickets.tickets import Filter, Tickets
from ivr.tickets.vault import Key, Vault

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC).timestamp()
SAID = {"at": AT + 60, "by": "anna"}
VAULT = Vault([Key(b"k" * 32)])
LETTER = Opened(at=AT, by="anna", channel="letter", section="payments", term="7 working days", language="ru")
NUMBER = with_check_digit(1_500_000)


@pytest.fixture
def tickets(database) -> Tickets:
    return Tickets(database)


async def test_a_ticket_without_a_call_is_the_fold_of_its_log(tickets):
    number = await tickets.open(LETTER, [Demanded(**SAID, text="верните деньги")])
    found = await tickets.get(number)
    assert (found.ticket.channel, found.ticket.section, found.state.demand) == ("letter", "payments", "верните деньги")
    assert found.ticket.due_at == datetime(2026, 3, 17, 21, 0, tzinfo=UTC)
    assert found.ticket.expected_on == date(2026, 3, 17)
    assert found.state == folded(TicketState(0.0), found.log)


async def test_numbers_of_letters_and_of_calls_never_meet(tickets, database):
    numbers = Numbers(database, block=5)
    await numbers.refill()
    opened = [await tickets.open(LETTER) for _ in range(3)]
    await numbers.refill()
    taken = {numbers.take() for _ in range(numbers.ahead)}
    assert len(set(opened)) == 3 and not taken & set(opened)


async def test_what_people_decided_stands_though_the_call_goes_on(tickets, database):
    story = [
        Started(
            at=AT,
            ticket=NUMBER,
            called="",
            caller="+79160000000",
            line="moscow",
            region="77",
            language="ru",
            flow="main",
        ),
        SectionChosen(at=AT, section="technical", term="24h"),
    ]
    entries = [Entry("c", seq, event) for seq, event in enumerate(story, 1)]
    recorder = Recorder(database)
    await recorder.record(entries)
    await tickets.change(NUMBER, lambda _: [Classified(**SAID, section="documents", term="10 working days")])
    later = [SectionChosen(at=AT + 90, section="payments", term="24h"), Ended(at=AT + 99, end=End.COMPLETED)]
    await recorder.record([Entry("c", seq, event) for seq, event in enumerate(later, 3)])
    found = await tickets.get(NUMBER)
    assert (found.ticket.section, found.ticket.revision, found.ticket.end) == ("documents", 1, "completed")
    assert found.ticket.expected_on == date(2026, 3, 20)


async def test_the_second_of_two_editors_is_told_what_and_by_whom(tickets):
    number = await tickets.open(LETTER)
    seen = (await tickets.get(number)).state.revision
    first = Assigned(at=AT + 1, by="boris", operator="anna")
    await tickets.change(number, lambda _: [first], seen=seen)
    with pytest.raises(TicketChanged, match="boris") as caught:
        await tickets.change(number, lambda _: [Commented(**SAID, text="mine")], seen=seen)
    assert caught.value.since == [first]
    assert (await tickets.get(number)).state.comments == []


async def test_of_many_editors_at_once_one_wins(tickets):
    number = await tickets.open(LETTER)

    async def edit(who: str) -> str | None:
        try:
            await tickets.change(number, lambda _: [Assigned(at=AT, by=who, operator=who)], seen=1)
        except TicketChanged:
            return None
        return who

    won = [who for who in await asyncio.gather(*(edit(f"op-{each}") for each in range(8))) if who]
    found = await tickets.get(number)
    assert won == [found.ticket.assignee] and found.state.revision == 2


async def test_what_is_only_told_collides_with_nobody(tickets):
    number = await tickets.open(LETTER)
    await tickets.change(number, lambda _: [Revealed(**SAID, kind="snils", why="звонок из суда")])
    found = await tickets.get(number)
    assert (found.state.revision, [type(each).__name__ for each in found.log]) == (1, ["Opened", "Revealed"])


async def test_a_change_that_is_refused_leaves_nothing(tickets):
    number = await tickets.open(LETTER)

    def refuse(_: TicketState) -> list[AnyTicketEvent]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await tickets.change(number, refuse)
    with pytest.raises(TicketUnknown):
        await tickets.change(with_check_digit(9_000_000), refuse)
    assert len((await tickets.get(number)).log) == 1


async def test_personal_data_is_sealed_and_found_by_its_hash(tickets, database):
    data = [
        given(VAULT, "snils", "112-233-445 95", **SAID),
        contact(VAULT, "name", "Иван Петров", **SAID),
        contact(VAULT, "phone", "+79161234567", **SAID),
    ]
    number = await tickets.open(LETTER, data)
    for kind, value in (("snils", "11223344595"), ("phone", "+79161234567"), ("name", "иван петров")):
        page = await tickets.list(Filter(digests=VAULT.digests(kind, value)))
        assert [each.number for each in page.tickets] == [number]
    [listed] = (await tickets.list()).tickets
    assert [(each.kind, each.masked) for each in listed.identifying] == [("snils", "*********95")]
    async with database.read() as session:
        for table in ("tickets", "ticket_events", "ticket_identifiers"):
            rows = str((await session.execute(text(f"SELECT * FROM {table}"))).all())
            assert "Петров" not in rows and "11223344595" not in rows and "79161234567" not in rows


def test_waiting_for_documents_stops_the_clock_and_an_extension_moves_it():
    state = folded(TicketState(0.0), [LETTER])
    day = 86400.0
    state.apply(Moved(at=AT + day, by="anna", before="registered", after="in-progress"))
    state.apply(Moved(at=AT + day, by="anna", before="in-progress", after="waiting-for-documents"))
    assert (state.due, state.expected) == (None, None)
    state.apply(Moved(at=AT + 5 * day, by="anna", before="waiting-for-documents", after="in-progress"))
    assert state.expected == date(2026, 3, 18), "one working day was lost: Friday to Tuesday over the holiday"
    state.apply(Extended(at=AT + 6 * day, by="anna", until=date(2026, 3, 27), reason="запрос в архив"))
    assert state.expected == date(2026, 3, 27)
    state.apply(Moved(at=AT + 7 * day, by="anna", before="in-progress", after="done"))
    assert state.due is None


def test_every_event_is_kept_and_read_back_as_it_was():
    events = [LETTER, Extended(**SAID, until=date(2026, 4, 1), reason="x"), Escalated(**SAID, to="senior", why="y")]
    kept = msgspec.json.decode(msgspec.json.encode([msgspec.to_builtins(each) for each in events]))
    assert [msgspec.convert(each, AnyTicketEvent) for each in kept] == events
