"""Tickets are found by their words, in any form, on both databases."""

from datetime import UTC, datetime

import pytest

from ivr.tickets.events import Commented, Concluded, Demanded, Opened, Prioritised
from ivr.tickets.listing import Filter, Sort
from ivr.tickets.tickets import Tickets

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC).timestamp()
SAID = {"at": AT, "by": "anna"}


@pytest.fixture
async def tickets(database) -> Tickets:
    return Tickets(database)


async def opened(
    tickets: Tickets, demand: str, after: float = 0.0, section: str = "payments", term: str = "24h"
) -> int:
    letter = Opened(at=AT + after, by="anna", channel="letter", section=section, term=term)
    return await tickets.open(letter, [Demanded(**SAID, text=demand)])


async def numbers(tickets: Tickets, words: str, **other) -> list[int]:
    return [each.number for each in (await tickets.list(Filter(words=words, **other))).tickets]


@pytest.mark.parametrize(
    "asked",
    ["штраф", "штрафы", "Штрафами за парковку", "парковка", "ЕЛКА", "ёлкой", "парковку ёлки", "account", "E-mail"],
)
async def test_words_are_found_in_any_form(tickets, asked):
    wanted = await opened(tickets, "Отмените штрафы за парковку у ёлки: accounts, e-mail")
    await opened(tickets, "Не работает сайт")
    assert await numbers(tickets, asked) == [wanted]


async def test_all_words_are_needed_and_what_is_written_later_counts_too(tickets):
    number = await opened(tickets, "Верните деньги")
    assert await numbers(tickets, "деньги возврат") == []
    await tickets.change(number, lambda _: [Commented(**SAID, text="возврата ждёт с мая")])
    assert await numbers(tickets, "деньгами возвраты") == [number]
    await tickets.change(
        number, lambda _: [Demanded(**SAID, text="Верните паспорт"), Concluded(**SAID, outcome="отдан")]
    )
    assert await numbers(tickets, "деньги") == []
    assert await numbers(tickets, "паспорта отданы") == [number]
    await tickets.change(number, lambda _: [Prioritised(**SAID, priority=3)])
    assert await numbers(tickets, "паспорт") == [number]


@pytest.mark.parametrize(
    "asked", ['"', "* OR NEAR(", "words:x -y", "'; DROP TABLE tickets; --", "…", "\u202e", "а" * 200]
)
async def test_signs_of_the_query_language_are_only_signs(tickets, asked):
    await opened(tickets, "Верните деньги")
    assert await numbers(tickets, asked) == []


async def test_pages_of_found_tickets_hold_each_once_newest_first_also_with_filters(tickets):
    made = [await opened(tickets, "штраф", each // 2, "payments" if each % 3 else "technical") for each in range(12)]
    for wanted, expected in ((Filter(words="штрафы"), made), (Filter(words="штрафы", section="technical"), made[::3])):
        seen, after = [], None
        while True:
            page = await tickets.list(wanted, limit=5, after=after)
            seen += [each.number for each in page.tickets]
            if (after := page.next) is None:
                break
        assert sorted(seen) == sorted(expected)
        registered = [made.index(each) // 2 for each in seen]
        assert registered == sorted(registered, reverse=True)


async def test_lists_are_sorted_by_what_is_due_first(tickets):
    long = await opened(tickets, "x", term="10 working days")
    short = await opened(tickets, "x", 5)
    closed = await opened(tickets, "x")
    await tickets.set_status(closed, "done", by="anna")

    async def sorted_by(sort: Sort) -> list[int]:
        first = await tickets.list(Filter(sort=sort), limit=1)
        rest = await tickets.list(Filter(sort=sort), after=first.next)
        return [each.number for each in (*first.tickets, *rest.tickets)]

    assert await sorted_by(Sort.DUE) == [short, long]
    assert await sorted_by(Sort.OLDEST) == [long, closed, short]
    assert await sorted_by(Sort.NEWEST) == [short, closed, long]
