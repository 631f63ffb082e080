"""Opening hours: pure, the time is an argument.

``24/7``, or days with their hours. What stands lower in this list goes before what stands higher: days of the week
(``daily``, ``mon-fri``, ``sat``); ``worked``, a weekend's day that is worked in place of another (once the production
calendar is used at all, it has the hours of a Friday by default); ``shortened`` and ``holidays`` of that calendar; and
dates: ``2026-12-31: 09:00-15:00``, ``2027-01-01..2027-01-08: closed``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import NamedTuple

from ivr.flow.calendar import HOLIDAY, is_shortened, is_worked_weekend, kind_of_day
from ivr.messages import Message, Unfit

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FRIDAY = 4
ALWAYS = "24/7"
CLOSED = "closed"
_SORTS = HOLIDAYS, SHORTENED, WORKED = "holidays", "shortened", "worked"
MOST_DATES = 3660
"""The longest range of dates, in days: a longer one is a slip of the keys."""

Spans = tuple[tuple[int, int], ...]
"""Half-open spans of minutes since a day's midnight; one that runs past 1440 goes on in the next day."""

_DAY = 24 * 60
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)")
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*\.\.\s*(\d{4}-\d\d-\d\d))?")


class Dates(NamedTuple):
    """An exception: from ``first`` to ``last``, both included."""

    first: date
    last: date
    spans: Spans


@dataclass(frozen=True, slots=True)
class Hours:
    """Open minutes of each day, by the clock on the wall. None: days of that sort have no hours of their own."""

    week: tuple[Spans, ...]
    holidays: Spans | None = None
    shortened: Spans | None = None
    worked: Spans | None = None
    dates: tuple[Dates, ...] = ()

    def open_at(self, at: float, zone: tzinfo) -> bool:
        """Whether it is open ``at`` (seconds since 1970) in the time zone ``zone``."""
        return self.state_at(at, zone)[0]

    def state_at(self, at: float, zone: tzinfo) -> tuple[bool, str]:
        """Whether it is open ``at``, and by which of the words in the file; closed: by the word of that date."""
        local = datetime.fromtimestamp(at, zone)
        day, minute = local.date(), local.hour * 60 + local.minute
        spans, why = self.on(day)
        for start, end in spans:
            if start <= minute < end:
                return True, why
        before, earlier = self.on(day - timedelta(days=1))
        for start, end in before:
            if start <= minute + _DAY < end:
                return True, earlier
        return False, why

    def on(self, day: date) -> tuple[Spans, str]:
        """The hours that begin on a day, and the word that says so."""
        for dates in self.dates:
            if dates.first <= day <= dates.last:
                return dates.spans, day.isoformat()
        if self.holidays is not None and kind_of_day(day) == HOLIDAY:
            return self.holidays, HOLIDAYS
        if self.shortened is not None and is_shortened(day):
            return self.shortened, SHORTENED
        if self.worked is not None and is_worked_weekend(day):
            return self.worked, WORKED
        return self.week[day.weekday()], DAYS[day.weekday()]

    def turns(self) -> frozenset[int]:
        """Every minute of a day at which it may open or close; 0, midnight, where a day's sort changes, is one."""
        special = (self.holidays, self.shortened, self.worked, *(dates.spans for dates in self.dates))
        each = (*self.week, *(spans for spans in special if spans is not None))
        return frozenset({0, *(minute % _DAY for spans in each for span in spans for minute in span)})


def read_hours(value: str | Mapping[str, str]) -> Hours:
    """Hours as written, see above. A span past midnight runs into the next day.

    Raises Unfit.
    """
    if isinstance(value, str):
        if value != ALWAYS:
            raise Unfit(Message("no-hours", written=value), Message("write-hours"))
        return Hours((((0, _DAY),),) * 7)
    week: list[Spans] = [()] * 7
    sorts: dict[str, Spans] = {}
    dates: list[Dates] = []
    for words, times in value.items():
        spans = tuple(_spans(times))
        if words in (HOLIDAYS, SHORTENED, WORKED):
            sorts[words] = spans
        elif match := _DATES.fullmatch(words):
            dates.append(Dates(*_range(words, match[1], match[2] or match[1]), spans))
        else:
            for day in _days(words):
                week[day] += spans
    worked = sorts.get(WORKED, week[FRIDAY] if sorts else None)
    _once(dates)
    return Hours(tuple(week), sorts.get(HOLIDAYS), sorts.get(SHORTENED), worked, tuple(dates))


def _spans(times: str) -> Iterator[tuple[int, int]]:
    if times == CLOSED:
        return
    if times == ALWAYS:
        yield 0, _DAY
        return
    for part in times.split(","):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            raise Unfit(Message("no-span-of-time", written=part.strip()), Message("write-span-of-time"))
        start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if end > _DAY:
            raise Unfit(Message("no-time-of-day", written=part.strip()), Message("write-time-of-day"))
        yield start, end + (_DAY if end <= start else 0)


def _days(words: str) -> list[int]:
    first, _, last = words.partition("-")
    if words == "daily":
        return list(range(7))
    if first not in DAYS or (last and last not in DAYS):
        raise Unfit(Message("no-days", written=words), Message("write-days", days=DAYS, sorts=_SORTS))
    start = DAYS.index(first)
    count = (DAYS.index(last or first) - start) % 7 + 1
    return [(start + step) % 7 for step in range(count)]


def _range(words: str, first: str, last: str) -> tuple[date, date]:
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise Unfit(Message("no-such-date", written=words), Message("write-date")) from None
    if not begin <= end <= begin + timedelta(days=MOST_DATES):
        raise Unfit(Message("no-range-of-dates", written=words), Message("write-range-of-dates"))
    return begin, end


def _once(dates: list[Dates]) -> None:
    """Raises Unfit for a date that two exceptions claim: which of them held would be a guess."""
    ordered = sorted(dates)
    for one, other in pairwise(ordered):
        if other.first <= one.last:
            raise Unfit(Message("two-exceptions", day=other.first.isoformat()), Message("one-exception"))
