"""Opening hours: pure, the time is an argument."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "24/7"

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """Open minutes of the week: half-open spans of minutes since Monday 00:00, local time."""

    spans: tuple[tuple[int, int], ...]

    def open_at(self, at: float, zone: tzinfo) -> bool:
        """Whether it is open ``at`` (seconds since 1970) in the time zone ``zone``."""
        local = datetime.fromtimestamp(at, zone)
        minute = (local.weekday() * 24 + local.hour) * 60 + local.minute
        week = 7 * 24 * 60
        return any(start <= moment < end for start, end in self.spans for moment in (minute, minute + week))


def read_hours(value: str | Mapping[str, str]) -> Hours:
    """Hours of ``24/7`` or ``{mon-fri: 09:00-21:00, sat: 10:00-16:00}``. A span past midnight runs into the next day.

    Raises ValueError as ``reason; mend``.
    """
    if isinstance(value, str):
        if value != ALWAYS:
            raise ValueError(f"no hours: {value!r}; write 24/7 or {{mon-fri: 09:00-21:00}}")
        return Hours(((0, 7 * 24 * 60),))
    return Hours(tuple(span for days, times in value.items() for span in _spans(days, times)))


def _spans(days: str, times: str) -> list[tuple[int, int]]:
    spans = []
    for part in times.split(","):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"no span of time: {part.strip()!r}; write 09:00-21:00, several with a comma between")
        start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if end > 1440:
            raise ValueError(f"no time of day: {part.strip()!r}; the last is 24:00")
        end += 1440 if end <= start else 0
        spans += [(day * 1440 + start, day * 1440 + end) for day in _days(days)]
    return spans


def _days(words: str) -> list[int]:
    first, _, last = words.partition("-")
    if words == "daily":
        return list(range(7))
    if first not in DAYS or (last and last not in DAYS):
        raise ValueError(f"no days of the week: {words!r}; write daily, or of {', '.join(DAYS)}, say mon-fri")
    start = DAYS.index(first)
    count = (DAYS.index(last or first) - start) % 7 + 1
    return [(start + step) % 7 for step in range(count)]
