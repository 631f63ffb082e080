"""The Russian production calendar: which days are worked. Days moved by decree are known for the years decreed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache, lru_cache

import holidays

WORKDAY, DAY_OFF, HOLIDAY = "workday", "day-off", "holiday"
KINDS = (WORKDAY, DAY_OFF, HOLIDAY)
"""What a day may be: worked, a weekend's, or a holiday with the days moved to it."""

_STATUTORY = {*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
_MOVED = re.compile(r"substituted from (\d\d)/(\d\d)/(\d{4})")
FIRST_YEAR, LAST_YEAR = 2020, 2040
"""Years for which moved days are looked for; the library knows those that have been decreed."""


@lru_cache(maxsize=4096)
def kind_of_day(day: date) -> str:
    """One of KINDS. A Saturday that is worked in place of another day is a workday."""
    if is_working_day(day):
        return WORKDAY
    return HOLIDAY if day in _calendar() else DAY_OFF


def is_working_day(day: date) -> bool:
    """Whether people work on this day."""
    return bool(_calendar().is_working_day(day))


@lru_cache(maxsize=4096)
def is_worked_weekend(day: date) -> bool:
    """Whether it is a Saturday or Sunday that is worked in place of another day, by decree."""
    return day.weekday() >= 5 and is_working_day(day)


@lru_cache(maxsize=4096)
def is_shortened(day: date) -> bool:
    """Whether a working day is an hour shorter: the eve of a holiday (Labour Code, 95).

    A weekend's day that is worked in place of such an eve is shortened as the eve would have been.
    """
    eve = _replaced().get(day, day) if is_worked_weekend(day) else day
    return is_working_day(day) and _is_statutory(eve + timedelta(days=1))


def _is_statutory(day: date) -> bool:
    """Whether it is a holiday by the law (Labour Code, 112), not a day off moved to it."""
    return (day.month, day.day) in _STATUTORY


@cache
def _replaced() -> dict[date, date]:
    """A weekend's worked day -> the day off given for it, which the library tells in the day's name alone."""
    known = holidays.country_holidays("RU", years=range(FIRST_YEAR, LAST_YEAR + 1), language="en_US")
    moved = ((day, _MOVED.search(name)) for day, name in known.items())
    return {date(int(name[3]), int(name[1]), int(name[2])): day for day, name in moved if name}


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("RU")
