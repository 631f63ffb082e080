"""The Russian production calendar: which days are worked. Days moved by decree are known for the years decreed."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

WORKDAY, DAY_OFF, HOLIDAY = "workday", "day-off", "holiday"
KINDS = (WORKDAY, DAY_OFF, HOLIDAY)
"""What a day may be: worked, a weekend's, or a holiday with the days moved to it."""


def kind_of_day(day: date) -> str:
    """One of KINDS. A Saturday that is worked in place of another day is a workday."""
    if is_working_day(day):
        return WORKDAY
    return HOLIDAY if day in _calendar() else DAY_OFF


def is_working_day(day: date) -> bool:
    """Whether people work on this day."""
    return bool(_calendar().is_working_day(day))


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("RU")
