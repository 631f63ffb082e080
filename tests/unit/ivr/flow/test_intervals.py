from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.flow.hours import read_hours
from ivr.flow.intervals import intervals

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")

OFFICE = {
    "mon-fri": "09:00-21:00",
    "sat": "22:00-02:30",
    "shortened": "09:00-20:00",
    "holidays": "10:00-14:00",
    "2026-12-28": "closed",
    "2026-12-29..2026-12-30": "24/7",
}


def at(text: str, zone: ZoneInfo = MOSCOW) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def told(text: str, until: str, zone: ZoneInfo = MOSCOW) -> list[str]:
    found = intervals(read_hours(OFFICE), at(text, zone), at(until, zone), zone)
    clock = ((datetime.fromtimestamp(each.start, zone), each) for each in found)
    return [f"{wall:%d %H:%M} {'open' if each.open else 'closed'} {each.why}" for wall, each in clock]


def test_the_end_of_the_year() -> None:
    assert told("2026-12-26T21:00", "2027-01-01T09:00") == [
        "26 21:00 closed sat",
        "26 22:00 open sat",
        "27 02:30 closed sun",
        "28 00:00 closed 2026-12-28",
        "29 00:00 open 2026-12-29",
        "30 00:00 open 2026-12-30",
        "31 00:00 closed holidays",
        "31 10:00 open holidays",
        "31 14:00 closed holidays",
    ]


def test_a_saturday_worked_by_decree_has_the_hours_of_a_friday_or_of_a_shortened_day() -> None:
    hours = read_hours({"mon-fri": "09:00-21:00", "holidays": "closed"})
    assert hours.state_at(at("2027-02-20T20:30"), MOSCOW) == (True, "worked")
    assert told("2027-02-20T08:00", "2027-02-20T22:00") == [
        "20 08:00 closed shortened",
        "20 09:00 open shortened",
        "20 20:00 closed shortened",
    ]


def test_an_eve_of_a_holiday_is_shorter() -> None:
    assert not read_hours(OFFICE).open_at(at("2026-06-11T20:30"), MOSCOW)
    assert read_hours(OFFICE).open_at(at("2026-06-10T20:30"), MOSCOW)


def test_a_night_in_which_the_clock_is_set_has_its_own_length() -> None:
    night = intervals(
        read_hours({"sat": "22:00-06:00"}), at("2026-10-24T12:00", BERLIN), at("2026-10-25T12:00", BERLIN), BERLIN
    )
    assert [each.end - each.start for each in night if each.open] == [9 * 3600]
    night = intervals(
        read_hours({"sat": "22:00-06:00"}), at("2026-03-28T12:00", BERLIN), at("2026-03-29T12:00", BERLIN), BERLIN
    )
    assert [each.end - each.start for each in night if each.open] == [7 * 3600]


HOURS = st.dictionaries(
    st.sampled_from(["daily", "mon-fri", "sat", "sun", "holidays", "shortened", "worked", "2026-03-29", "2026-10-25"]),
    st.sampled_from(["closed", "24/7", "02:30-03:30", "22:00-02:15", "09:00-13:00, 14:00-21:00"]),
    min_size=1,
)


@settings(max_examples=60, deadline=None)
@given(HOURS, st.sampled_from([MOSCOW, BERLIN]), st.integers(0, 360), st.data())
def test_intervals_say_of_each_instant_what_the_hours_say(
    hours: dict[str, str], zone: ZoneInfo, day: int, data: st.DataObject
) -> None:
    read, start = read_hours(hours), at("2026-01-01T00:00", zone) + day * 86400.0
    found = intervals(read, start, start + 10 * 86400, zone)
    assert (found[0].start, found[-1].end) == (start, start + 10 * 86400)
    assert all(one.end == other.start and one[2:] != other[2:] for one, other in pairwise(found))
    for each in found:
        moment = each.start + data.draw(st.integers(0, int(each.end - each.start) - 1))
        assert read.state_at(moment, zone) == (each.open, each.why)


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ({"2026-02-30": "closed"}, "no such date"),
        ({"2026-12-31..2026-12-01": "closed"}, "no range"),
        ({"2026-12-30..2027-01-02": "closed", "2026-12-31": "24/7"}, "two exceptions hold on 2026-12-31"),
        ({"hollidays": "closed"}, "no days"),
        ({"mon": "shut"}, "no span"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_mend(hours: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=rf"{reason}.*; "):
        read_hours(hours)
