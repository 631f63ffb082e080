"""What a supervisor orders at once, past the hours: a queue is closed, or sent elsewhere, until a time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ivr.flow.queues import Queues

LONGEST = 31 * 86400.0
"""Seconds that a measure may last: what is to last longer belongs into queues.yaml."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A queue takes no calls until ``until``; they go ``to`` another, or where they go when it is closed ("").

    ``by`` ordered it, ``since`` when, ``why`` in their words; times in seconds since 1970.
    """

    queue: str
    until: float
    by: str
    why: str
    since: float
    to: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A prompt that every caller hears until ``until``; the rest as of Measure."""

    prompt: str
    until: float
    by: str
    why: str
    since: float


@dataclass(frozen=True, slots=True)
class Orders:
    """All that is ordered: as it is kept."""

    measures: tuple[Measure, ...] = ()
    announcement: Announcement | None = None


def in_force(measures: Iterable[Measure], at: float) -> tuple[Measure, ...]:
    """Those that have not ended ``at`` (seconds since 1970), by queue."""
    return tuple(sorted((each for each in measures if at < each.until), key=lambda each: each.queue))


def under(known: Queues, measures: Iterable[Measure], at: float) -> Queues:
    """The queues as these measures have them ``at`` (seconds since 1970); one of no known queue changes nothing."""
    changed = {
        each.queue: replace(queue, suspended=True, overflow=each.to or queue.overflow)
        for each in in_force(measures, at)
        if (queue := known.get(each.queue)) is not None
    }
    return {**known, **changed} if changed else known
