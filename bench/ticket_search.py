"""How long lists, searches and single tickets take among a million: ``python -m bench.ticket_search``.

On SQLite and on a PostgreSQL of its own, both real, through ivr.tickets as the API uses it; bar: p95 50 ms for each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import asyncpg

from bench import ticket_rows as rows
from bench.table import finish, show
from ivr.tickets.database import Database
from ivr.tickets.listing import Filter, Sort
from ivr.tickets.texts import stems
from ivr.tickets.tickets import Tickets
from tests import postgresql

BAR_MS = 50
GIVEN = ("number", "position", "kind", "masked", "sealed", "digest")
EVENT = ("number", "seq", "at", "type", "data")

Asking = Callable[[Tickets, random.Random], Awaitable[object]]


def _events(count: int) -> Iterator[tuple[Any, ...]]:
    for index in range(count):
        at = rows.BEGAN.timestamp() + index * 30
        data = {"type": "demand", "at": at, "by": "anna", "text": "верните деньги за парковку"}
        yield rows.number_of(index), 1, at, "demand", json.dumps(data)


def _given(count: int) -> Iterator[tuple[Any, ...]]:
    for index in range(count):
        yield rows.number_of(index), 1, "snils", "*********95", "v1.sealed", rows.digest_of(index)


def _plain(row: Iterable[Any]) -> tuple[Any, ...]:
    """As SQLite keeps moments and days."""
    return tuple(_told(each) if isinstance(each, date) else each for each in row)


def _told(moment: date) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}" if isinstance(moment, datetime) else moment.isoformat()


def fill_sqlite(path: Path, count: int, chance: random.Random, vocabulary: rows.Vocabulary) -> None:
    """Straight into the file."""
    stem = lru_cache(maxsize=None)(stems)
    marks = lambda names: ", ".join("?" * len(names))  # noqa: E731
    quoted = ", ".join(f'"{name}"' for name in rows.COLUMNS)
    base = sqlite3.connect(path)
    base.execute("PRAGMA synchronous = OFF")
    base.executemany(
        f"INSERT INTO tickets ({quoted}) VALUES ({marks(rows.COLUMNS)})", map(_plain, rows.tickets(count, chance))
    )
    base.executemany(f"INSERT INTO ticket_identifiers ({', '.join(GIVEN)}) VALUES ({marks(GIVEN)})", _given(count))
    base.executemany(f"INSERT INTO ticket_events ({', '.join(EVENT)}) VALUES ({marks(EVENT)})", _events(count))
    words = (
        (place, number, " ".join(map(stem, text.split())))
        for place, number, text in rows.texts(count, chance, vocabulary)
    )
    base.executemany("INSERT INTO ticket_texts (place, number, words) VALUES (?, ?, ?)", words)
    base.commit()
    base.close()


async def fill_postgresql(url: str, count: int, chance: random.Random, vocabulary: rows.Vocabulary) -> None:
    """By COPY."""
    base = await asyncpg.connect(url.replace("+asyncpg", ""))
    await base.execute("DROP INDEX ix_ticket_texts_words")
    for table, columns, made in (
        ("tickets", rows.COLUMNS, rows.tickets(count, chance)),
        ("ticket_identifiers", GIVEN, _given(count)),
        ("ticket_events", EVENT, _events(count)),
    ):
        while some := list(islice(made, 50_000)):
            await base.copy_records_to_table(table, records=some, columns=list(columns))
    await base.execute("CREATE TEMP TABLE plain (place bigint, number bigint, words text)")
    await base.copy_records_to_table("plain", records=rows.texts(count, chance, vocabulary))
    await base.execute(
        "INSERT INTO ticket_texts SELECT place, number, to_tsvector('russian', words) FROM plain", timeout=600
    )
    await base.execute("SET maintenance_work_mem = '256MB'")
    await base.execute("CREATE INDEX ix_ticket_texts_words ON ticket_texts USING gin (words)", timeout=600)
    await base.execute("VACUUM ANALYZE", timeout=600)  # as autovacuum does in its own time
    await base.close()


def questions(count: int, vocabulary: rows.Vocabulary) -> dict[str, Asking]:
    """What desks ask, by name."""
    common, middling, rare = vocabulary.words[:10], vocabulary.words[50:500], vocabulary.words[5_000:]

    def lists(make: Callable[[random.Random], Filter], *, deep: bool = False) -> Asking:
        def ask(tickets: Tickets, chance: random.Random) -> Awaitable[object]:
            index = chance.randrange(count)
            at = (rows.BEGAN + timedelta(seconds=index * 30)).astimezone(UTC)
            after = f"{at:%Y%m%dT%H%M%S.%f}-{rows.number_of(index)}" if deep else None
            return tickets.list(make(chance), limit=50, after=after)

        return ask

    section = lambda chance: chance.choice(rows.SECTIONS)  # noqa: E731
    return {
        "a row that is not there": lambda tickets, _: tickets.known("no such call"),  # what the machine's noise costs
        "list: newest": lists(lambda _: Filter()),
        "list: a page deep within": lists(lambda _: Filter(), deep=True),
        "list: section and region": lists(lambda c: Filter(section=section(c), region=f"{c.randint(1, 89)}")),
        "list: status": lists(lambda c: Filter(status=c.choice(rows.STATUSES), section=section(c))),
        "list: an operator's": lists(lambda c: Filter(operator=f"op-{c.randint(1, 400)}")),
        "list: assigned, open": lists(lambda c: Filter(assignee=f"op-{c.randint(1, 400)}", open_only=True)),
        "list: what is due first": lists(lambda _: Filter(sort=Sort.DUE)),
        "search: phone": lists(lambda c: Filter(caller=rows.caller_of(c.randrange(count)))),
        "search: SNILS": lists(lambda c: Filter(digests=[rows.digest_of(c.randrange(count))])),
        "search: a common word": lists(lambda c: Filter(words=c.choice(common))),
        "search: a word": lists(lambda c: Filter(words=c.choice(middling))),
        "search: a rare word": lists(lambda c: Filter(words=c.choice(rare))),
        "search: two words": lists(lambda c: Filter(words=f"{c.choice(common)} {c.choice(middling)}")),
        "search: a word, in a section": lists(lambda c: Filter(words=c.choice(middling), section=section(c))),
        "search: a common word, open": lists(lambda c: Filter(words=c.choice(common), status="in-progress")),
        "open: one": lambda tickets, chance: tickets.get(rows.number_of(chance.randrange(count))),
    }


async def measured(url: str, asked: dict[str, Asking], times: int) -> dict[str, dict[str, float]]:
    """Milliseconds by question: one at a time, as many of each, in turn."""
    database, chance, took = Database(url), random.Random(2), {name: list[float]() for name in asked}
    tickets = Tickets(database)
    for _ in range(times):
        for name, ask in asked.items():
            began = time.perf_counter()
            await ask(tickets, chance)
            took[name].append((time.perf_counter() - began) * 1000)
    await database.close()
    return {name: _figures(sorted(every)) for name, every in took.items()}


def _figures(ordered: list[float]) -> dict[str, float]:
    at = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)  # noqa: E731
    return {"p50": at(0.5), "p95": at(0.95), "worst": round(ordered[-1], 2)}


async def _run(count: int, times: int) -> dict[str, dict[str, dict[str, float]]]:
    vocabulary, found = rows.Vocabulary(random.Random(0)), {}
    asked = questions(count, vocabulary)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/tickets.db"
        await _migrated(url)
        fill_sqlite(Path(folder) / "tickets.db", count, random.Random(1), vocabulary)
        found["SQLite"] = await measured(url, asked, times)
    programs = postgresql.binaries()
    assert programs is not None, "no PostgreSQL here: ivr setup --tests"
    with postgresql.server(programs) as server:
        base = await asyncpg.connect(f"{server.url.replace('+asyncpg', '')}/postgres")
        await base.execute("CREATE DATABASE tickets")
        await base.close()
        await _migrated(f"{server.url}/tickets")
        await fill_postgresql(f"{server.url}/tickets", count, random.Random(1), vocabulary)
        found["PostgreSQL"] = await measured(f"{server.url}/tickets", asked, times)
    return found


async def _migrated(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=100, help="each question")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = asyncio.run(_run(given.tickets, given.times))
    load = os.getloadavg()[0]
    for name, figures in found.items():
        table = [
            {"question": each, **its, "met": "yes" if its["p95"] <= BAR_MS else "NO"} for each, its in figures.items()
        ]
        show(f"{name}, {given.tickets:,} tickets, ms; bar: p95 {BAR_MS}; load of the machine {load:.1f}", table)
    finish(found, given.json)


if __name__ == "__main__":
    main()
