"""When a request is to be answered: 24 hours, or working days of the Russian production calendar.

Hotline's rules: reference questions 24 hours; applications for services 3 to 7 working days; complaints and what
needs documents checked 5 to 10. The longest term is promised. A term in days begins on the day after (Civil Code, 191).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from ivr.flow.calendar import is_working_day

MOSCOW = ZoneInfo("Europe/Moscow")


class Kind(StrEnum):
    """What a request is, as far as its term goes."""

    REFERENCE = "reference"
    APPLICATION = "application"
    COMPLAINT = "complaint"  # and whatever needs documents checked


HOURS = {Kind.REFERENCE: 24}
WORKING_DAYS = {Kind.APPLICATION: 7, Kind.COMPLAINT: 10}

SECTIONS: dict[str, Kind] = {
    "technical": Kind.REFERENCE,
    "registration": Kind.REFERENCE,
    "payments": Kind.APPLICATION,
    "documents": Kind.APPLICATION,
    "account": Kind.APPLICATION,
    "feedback": Kind.COMPLAINT,
}
"""Section of the menu -> kind. A section that is not here is a reference question."""


def expected_on(section: str, registered: datetime, zone: ZoneInfo = MOSCOW) -> date:
    """The date by which a request of this section is to be answered, in ``zone``."""
    kind = SECTIONS.get(section, Kind.REFERENCE)
    if kind in HOURS:
        return (registered + timedelta(hours=HOURS[kind])).astimezone(zone).date()
    return working_days_after(registered.astimezone(zone).date(), WORKING_DAYS[kind])


@lru_cache(maxsize=256)
def working_days_after(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``. Days moved by decree are known for the years already decreed."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
