"""The clock of escalation, on both databases: what is overdue is written once, by whichever engine, after any stop."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from ivr.flow.escalation import Rule
from ivr.flow.term import Term
from ivr.tickets import escalating
from ivr.tickets.changes import extended
from ivr.tickets.escalating import Escalating
from ivr.tickets.events import Classified, Escalated, Opened
from ivr.tickets.models import TicketEventRow
from ivr.tickets.tickets import Filter, Tickets

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC).timestamp()
HOUR = 3600.0
RULES = [Rule("late", "senior", None, 2), Rule("later", "head-of-group", Term(4, in_days=False), 3)]
LETTER = Opened(at=AT, by="anna", channel="letter", term="24h")


class Clock:
    def __init__(self, at: float = AT) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tickets(database):
    return Tickets(database)


@pytest.fixture
def engine(database, clock):
    return Escalating(database, lambda: RULES, clock, rest=0.0)


async def rules_of(tickets, number):
    return [each.rule for each in (await tickets.get(number)).log if isinstance(each, Escalated)]


async def test_it_acts_when_the_term_has_run_out_and_knows_when_it_is_next(tickets, engine, clock):
    number = await tickets.open(LETTER)
    clock.at = AT + 24 * HOUR - 10
    assert await engine.look() == AT + 24 * HOUR
    assert await rules_of(tickets, number) == []
    clock.at = AT + 24 * HOUR
    await engine.look()
    found = await tickets.get(number)
    assert (found.ticket.level, found.ticket.priority, found.state.priority_reason) == ("senior", 2, "overdue")
    assert [each.number for each in (await tickets.list(Filter(level="senior"))).tickets] == [number]
    clock.at = AT + 28 * HOUR - 5
    assert await engine.look() == AT + 28 * HOUR
    clock.at += 5
    await engine.look()
    assert await rules_of(tickets, number) == ["late", "later"]


async def test_two_engines_and_a_restart_write_each_rule_once(tickets, database, clock):
    numbers = [await tickets.open(LETTER) for _ in range(5)]
    clock.at = AT + 30 * HOUR
    engines = [Escalating(database, lambda: RULES, clock) for _ in range(2)]
    await asyncio.gather(*(each.look() for each in engines))
    await Escalating(database, lambda: RULES, clock).look()
    for number in numbers:
        assert await rules_of(tickets, number) == ["late", "later"]


async def test_more_than_a_batch_is_done_and_one_that_cannot_be_read_keeps_none_back(
    tickets, engine, database, clock, monkeypatch
):
    monkeypatch.setattr(escalating, "BATCH", 2)
    numbers = [await tickets.open(LETTER) for _ in range(5)]
    async with database.write() as session:
        broken = update(TicketEventRow).where(TicketEventRow.number == numbers[0])
        await session.execute(broken.values(data={"type": "nothing known"}))
    clock.at = AT + 30 * HOUR
    await engine.look()
    assert [await rules_of(tickets, number) for number in numbers[1:]] == [["late", "later"]] * 4


async def test_a_ticket_brought_forward_wakes_it(tickets, engine, clock):
    number = await tickets.open(Opened(at=AT, by="anna", channel="letter", term="7 working days"))
    clock.at = AT + 26 * HOUR
    await engine.look()
    done, tickets.heard = asyncio.Event(), engine.heard
    engine._editing.heard = lambda _: done.set()
    working = asyncio.create_task(engine.run())
    try:
        shorter = Classified(at=clock.at, by="anna", section="payments", term="24h")
        await tickets.change(number, lambda _: [shorter])
        async with asyncio.timeout(20):
            await done.wait()
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    assert await rules_of(tickets, number) == ["late"]


async def test_an_extended_term_that_runs_out_is_found_again(tickets, engine, clock):
    number = await tickets.open(LETTER)
    clock.at = AT + 24 * HOUR
    await engine.look()
    until = datetime.fromtimestamp(clock.at, UTC).date() + timedelta(days=10)
    state = await tickets.change(number, lambda it: extended(it, until, "an expert is asked", at=clock.at, by="anna"))
    clock.at = state.due.timestamp()
    await engine.look()
    assert await rules_of(tickets, number) == ["late", "late"]
