"""Hours with the time zone whose clock they follow, as files write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr.flow.hours import ALWAYS, Hours, read_hours
from ivr.flow.loader import Path, Source
from ivr.flow.problem import Problem
from ivr.messages import Message, Unfit


class Zoned(NamedTuple):
    """Hours by the clock of a zone."""

    hours: Hours
    zone: ZoneInfo

    def on(self, at: float) -> bool:
        """Whether it is within them ``at`` (seconds since 1970)."""
        return self.hours.open_at(at, self.zone)


EVER = Zoned(read_hours(ALWAYS), ZoneInfo("UTC"))
"""At all times."""


class Zones:
    """Reads hours and time zones of one file. ``problems``: those that could not be read; they count as EVER."""

    def __init__(self, source: Source) -> None:
        self.source, self.problems = source, list[Problem]()

    def read(self, hours: str | Mapping[str, str], zone: str, path: Path) -> Zoned:
        """What stands at ``path`` under 'hours' and 'time-zone'."""
        return Zoned(self._hours(hours, (*path, "hours")), self._zone(zone, (*path, "time-zone")))

    def _zone(self, name: str, path: Path) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.problems.append(self.source.problem(path, Message("no-such-time-zone"), Message("write-time-zone")))
            return EVER.zone

    def _hours(self, written: str | Mapping[str, str], path: Path) -> Hours:
        try:
            return read_hours(written)
        except Unfit as error:
            self.problems.append(self.source.problem(path, error.reason, error.mend))
            return EVER.hours
