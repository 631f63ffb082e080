"""Opening hours as intervals: every minute of a stretch of time, none sampled, none left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ivr.flow.hours import Hours

_DAY = 86400.0


class Interval(NamedTuple):
    """From ``start`` until before ``end`` (seconds since 1970); ``why``: the word of the file that decides."""

    start: float
    end: float
    open: bool
    why: str


def intervals(hours: Hours, start: float, end: float, zone: tzinfo) -> list[Interval]:
    """When it is open and when closed between two instants, without a gap, the clock of ``zone`` being right.

    Two that follow each other differ in ``open`` or in ``why``.
    """
    found: list[Interval] = []
    moments = [start, *(turn for turn in turns(hours.turns(), zone, start, end)), end]
    for begin, after in pairwise(moments):
        state, why = hours.state_at(begin, zone)
        if found and found[-1][2:] == (state, why):
            found[-1] = found[-1]._replace(end=after)
        elif begin < after:
            found.append(Interval(begin, after, state, why))
    return found


@lru_cache(maxsize=256)
def turns(minutes: frozenset[int], zone: tzinfo, start: float, end: float) -> tuple[float, ...]:
    """Every instant between ``start`` and ``end`` at which hours with these turns can change, in order.

    Those are the ``minutes`` of each day by the zone's clock, both of them when the clock is set back, and each instant
    at which it is set.
    """
    found = {instant for day in _days(start, end, zone) for instant in _instants(day, minutes, zone)}
    marks = [start + step * _DAY for step in range(int((end - start) // _DAY) + 1)] + [end]
    found |= {_clock_set(zone, *pair) for pair in pairwise(marks) if _offset(zone, pair[0]) != _offset(zone, pair[1])}
    return tuple(sorted(instant for instant in found if start < instant < end))


def _days(start: float, end: float, zone: tzinfo) -> Iterator[date]:
    day, last = (datetime.fromtimestamp(at, zone).date() for at in (start, end))
    while day <= last:
        yield day
        day += timedelta(days=1)


def _instants(day: date, minutes: frozenset[int], zone: tzinfo) -> set[float]:
    clock = (datetime.combine(day, time(minute // 60, minute % 60), zone) for minute in minutes)
    return {wall.replace(fold=fold).timestamp() for wall in clock for fold in (0, 1)}


def _clock_set(zone: tzinfo, low: float, high: float) -> float:
    """The second, between two instants of different offset, at which the zone's clock is set."""
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return float(int(high))


def _offset(zone: tzinfo, at: float) -> timedelta | None:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).utcoffset()
