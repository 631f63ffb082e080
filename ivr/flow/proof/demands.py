"""Every demand that a queue can come to is met by somebody on the roster, in every hour in which the queue is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ivr.flow.hours import Hours
from ivr.flow.intervals import turns
from ivr.flow.proof.calendar import DAY, YEAR
from ivr.flow.proof.languages import heard
from ivr.flow.service import Service
from ivr.flow.target import Place
from ivr.speech import Language


class Shift(NamedTuple):
    """Weekly hours by the clock of a zone."""

    hours: Hours
    zone: ZoneInfo

    def on(self, at: float) -> bool:
        """Whether it is within them ``at`` (seconds since 1970)."""
        return self.hours.open_at(at, self.zone)


@dataclass(frozen=True, slots=True)
class Rostered:
    """An operator as the roster has them. ``skills``: levels, a language as ``language.ru``."""

    name: str
    skills: Mapping[str, int]
    shift: Shift

    def meets(self, needs: Mapping[str, int]) -> bool:
        """Whether every skill is at least as high as needed."""
        return all(self.skills.get(skill, 0) >= level for skill, level in needs.items())


@dataclass(frozen=True, slots=True)
class Demand:
    """What a caller of ``language`` who waits at ``place`` needs at the last, after every relaxation."""

    place: Place
    language: Language
    queue: str
    needs: Mapping[str, int]


class Unmet(NamedTuple):
    """A demand for which nobody is on duty from ``at`` on (seconds since 1970). ``nobody``: nor at any other time."""

    demand: Demand
    at: float
    nobody: bool


def demands(service: Service) -> Iterator[Demand]:
    """Every demand that comes about, in each language that may be spoken there."""
    for place, language in sorted(heard(service)):
        node = service.flows[place.flow].nodes[place.node]
        for queue, needs in node.demands(language).items():
            yield Demand(place, language, queue, needs)


def unmet(
    emitted: Iterable[Demand], roster: Iterable[Rostered], opening: Mapping[str, Shift], at: float, days: int = YEAR
) -> Iterator[Unmet]:
    """Each demand that nobody on duty meets at some instant within so many days of ``at``, with the first such instant.

    ``opening``: the queues' hours; a queue that it does not name is always open.
    """
    people = list(roster)
    for demand in emitted:
        shifts = {person.shift for person in people if person.meets(demand.needs)}
        queue = opening.get(demand.queue)
        for instant in _instants([*shifts, *([queue] if queue else [])], at, days):
            if (queue is None or queue.on(instant)) and not any(shift.on(instant) for shift in shifts):
                yield Unmet(demand, instant, nobody=not shifts)
                break


def _instants(shifts: Iterable[Shift], at: float, days: int) -> list[float]:
    return sorted({at}.union(*(turns(shift.hours.turns(), shift.zone, at, at + days * DAY) for shift in shifts)))
