from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.flow.hours import read_hours

MOSCOW, NOVOSIBIRSK = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Novosibirsk")


def at(text: str, zone: ZoneInfo = MOSCOW) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def test_round_the_clock() -> None:
    assert read_hours("24/7").open_at(at("2026-01-01T03:00"), MOSCOW)


def test_the_last_minute_is_open_and_the_closing_minute_is_not() -> None:
    hours = read_hours({"mon-fri": "09:00-21:00", "sat": "10:00-14:00, 15:00-16:00"})
    assert hours.open_at(at("2026-11-23T09:00"), MOSCOW)
    assert hours.open_at(at("2026-11-23T20:59"), MOSCOW)
    assert not hours.open_at(at("2026-11-23T21:00"), MOSCOW)
    assert not hours.open_at(at("2026-11-28T14:30"), MOSCOW)
    assert not hours.open_at(at("2026-11-29T12:00"), MOSCOW)


def test_each_line_has_its_own_time_zone() -> None:
    hours = read_hours({"daily": "08:00-20:00"})
    moment = at("2026-11-23T07:00", NOVOSIBIRSK) + 3600
    assert hours.open_at(moment, NOVOSIBIRSK)
    assert not hours.open_at(moment, MOSCOW)


def test_past_midnight_and_past_the_week() -> None:
    hours = read_hours({"sun": "22:00-02:00", "fri-mon": "12:00-13:00"})
    assert hours.open_at(at("2026-11-23T01:59"), MOSCOW)
    assert not hours.open_at(at("2026-11-23T02:00"), MOSCOW)
    assert hours.open_at(at("2026-11-22T12:30"), MOSCOW)
    assert not hours.open_at(at("2026-11-24T12:30"), MOSCOW)


@pytest.mark.parametrize(
    "value", ["always", {"mon": "9-21"}, {"mo": "09:00-21:00"}, {"mon": "09:00-24:30"}, {"mon": ""}]
)
def test_what_is_no_hours_says_how_to_write_them(value: str | dict[str, str]) -> None:
    with pytest.raises(ValueError, match="; "):
        read_hours(value)
