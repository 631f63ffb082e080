"""When a line is answered by which flow: a whole year by intervals, none of its minutes left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ivr.flow.intervals import turns
from ivr.flow.service import Line

YEAR = 366
"""Days looked ahead."""

DAY = 86400.0


class Spell(NamedTuple):
    """From ``start`` until before ``end`` (seconds since 1970) ``flow`` answers."""

    start: float
    end: float
    flow: str


def spells(line: Line, at: float, days: int = YEAR) -> Iterator[Spell]:
    """Who answers the line from ``at`` for so many days."""
    start, flow = at, line.flow_at(at)
    end = at + days * DAY
    for turn in turns(line.hours.turns(), line.zone, at, end):
        there = line.flow_at(turn)
        if there != flow:
            yield Spell(start, turn, flow)
            start, flow = turn, there
    yield Spell(start, end, flow)
