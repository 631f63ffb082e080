"""Who waits is led on when their queue has closed and nobody is left, or when they have waited long enough."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.channel import QueueResult
from ivr.flow.hours import read_hours
from ivr.flow.queues import ServiceQueue
from ivr.flow.zoned import Zoned
from ivr.leading import Leading, LedOn

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = Zoned(read_hours({"daily": "09:00-18:00"}), MOSCOW)


def leading(at: str, **queues: dict[str, object]) -> Leading:
    known = {name: ServiceQueue(name, **given) for name, given in queues.items()}  # type: ignore[arg-type]
    moment = datetime.fromisoformat(f"2026-11-24 {at}").replace(tzinfo=MOSCOW).timestamp()
    return Leading(lambda: known, lambda: moment)


@pytest.mark.parametrize(
    ("at", "on_duty", "due"),
    [
        ("17:59:59", False, None),
        ("18:00", True, None),
        ("18:00", False, LedOn("general", "closed")),
        ("03:00", False, LedOn("general", "closed")),
    ],
)
def test_when_the_queue_closes_who_is_on_duty_decides(at: str, on_duty: bool, due: LedOn | None) -> None:
    led = leading(at, day={"opening": DAY, "overflow": "general"}, general={})
    assert led.due("day", 60.0, lambda: on_duty) == due


def test_without_an_open_queue_to_go_to_the_flow_goes_on() -> None:
    led = leading("19:00", day={"opening": DAY, "overflow": "late"}, late={"opening": DAY})
    assert led.due("day", 60.0, lambda: False) is QueueResult.CLOSED


def test_who_has_waited_long_enough_goes_over_and_past_a_closed_queue() -> None:
    led = leading(
        "19:00",
        first={"overflow": "day", "overflow_after": 300.0},
        day={"opening": DAY, "overflow": "general"},
        general={},
    )
    assert led.due("first", 299.0, lambda: True) is None
    assert led.due("first", 300.0, lambda: True) == LedOn("general", "overflow")
    assert led.due("general", 3000.0, lambda: False) is None


def test_who_would_go_to_closed_queues_waits_on_and_looks_again_each_minute() -> None:
    led = leading("18:59:15", first={"overflow": "day", "overflow_after": 300.0}, day={"opening": DAY})
    assert led.due("first", 300.0, lambda: True) is None
    assert led.look_again("first", 300.0) == 45.0


def test_it_looks_again_no_earlier_than_something_can_change() -> None:
    led = leading("17:59:15", day={"opening": DAY}, general={}, soon={"overflow": "general", "overflow_after": 30.0})
    assert led.look_again("general", 10.0) is None
    assert led.look_again("day", 10.0) == 45.0
    assert led.look_again("soon", 10.0) == 20.0
    assert led.look_again("gone", 10.0) is None
