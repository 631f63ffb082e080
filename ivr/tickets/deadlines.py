"""When a request is to be answered: after hours, or working days of the Russian production calendar.

A term in days begins on the day after (Civil Code, 191).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ivr.flow.calendar import is_working_day
from ivr.flow.term import Term, read_term

MOSCOW = ZoneInfo("Europe/Moscow")

REFERENCE = Term(24, in_days=False)
"""Of a call that no flow gave a section: a reference question (the hotline's rules)."""


def expected_on(term: str, registered: datetime, zone: ZoneInfo = MOSCOW) -> date:
    """The date by which a request is to be answered, in ``zone``; ``term``: as sections.yaml says, "" for none.

    Raises ValueError for words that are no term.
    """
    count, in_days = read_term(term) if term else REFERENCE
    if not in_days:
        return (registered + timedelta(hours=count)).astimezone(zone).date()
    return working_days_after(registered.astimezone(zone).date(), count)


@lru_cache(maxsize=256)
def working_days_after(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``. Days moved by decree are known for the years already decreed."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
