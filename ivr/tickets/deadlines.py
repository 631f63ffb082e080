"""When a request is to be answered: after hours, or working days of the Russian production calendar.

A term in days begins on the day after (Civil Code, 191) and runs out with its last day (194). While documents are
awaited it stands still: hours are added as they passed, working days as they were worked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ivr.flow.calendar import is_working_day
from ivr.flow.term import Term, read_term

MOSCOW = ZoneInfo("Europe/Moscow")

REFERENCE = Term(24, in_days=False)
"""Of a call that no flow gave a section: a reference question (the hotline's rules)."""

Pause = tuple[datetime, datetime]
"""From when to when documents were awaited."""


def due_at(term: str, registered: datetime, pauses: Iterable[Pause] = (), zone: ZoneInfo = MOSCOW) -> datetime:
    """The moment at which a request is overdue; ``term``: as sections.yaml says, "" for none.

    Raises ValueError for words that are no term.
    """
    count, in_days = read_term(term) if term else REFERENCE
    if not in_days:
        return registered + timedelta(hours=count) + sum((until - since for since, until in pauses), timedelta())
    return day_over(working_days_after(registered.astimezone(zone).date(), count), pauses, zone)


def day_over(day: date, pauses: Iterable[Pause] = (), zone: ZoneInfo = MOSCOW) -> datetime:
    """The end of ``day``, or of a later one by as many working days as ``pauses`` took."""
    missed = sum(worked_days(since.astimezone(zone).date(), until.astimezone(zone).date()) for since, until in pauses)
    return datetime.combine(working_days_after(day, missed) + timedelta(days=1), time(), zone)


def expected_on(due: datetime, zone: ZoneInfo = MOSCOW) -> date:
    """The last day before ``due``: what an applicant is told."""
    return (due - timedelta(microseconds=1)).astimezone(zone).date()


@lru_cache(maxsize=256)
def working_days_after(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``. Days moved by decree are known for the years already decreed."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def worked_days(after: date, until: date) -> int:
    """How many days are worked after the one to and with the other."""
    return sum(is_working_day(after + timedelta(days=each)) for each in range(1, (until - after).days + 1))
