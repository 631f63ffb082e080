from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ivr.calllog.events import End, Ended, Entry, NodeEntered, Started
from ivr.tickets.database import Database
from ivr.tickets.numbers import with_check_digit
from ivr.tickets.record import Recorder
from ivr.tickets.traffic import steps

T = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


async def call(database: Database, index: int, *path: str) -> None:
    at = (T + timedelta(hours=index)).timestamp()
    number = with_check_digit(1_000_000 + index)
    begin = Started(at=at, ticket=number, called="", caller="", line="moscow", region="77", language="ru", flow="main")
    walked = [NodeEntered(at=at, flow=flow, node=node) for flow, node in (step.split(".") for step in path)]
    story = [begin, *walked, Ended(at=at + 5, end=End.COMPLETED)]
    await Recorder(database).record([Entry(f"call-{index}", seq, event) for seq, event in enumerate(story, 1)])


async def test_each_step_of_each_call_is_counted_within_the_flow_and_the_time(database: Database) -> None:
    await call(database, 0, "main.welcome", "main.main")
    await call(database, 1, "main.welcome", "main.main", "main.tax", "main.main", "main.tax")
    await call(database, 2, "main.welcome", "main.main", "federal.welcome")
    assert await steps(database, "main", T + timedelta(minutes=30)) == {
        ("main.welcome", "main.main"): 2,
        ("main.main", "main.tax"): 2,
        ("main.tax", "main.main"): 1,
    }
