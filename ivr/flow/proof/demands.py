"""Every demand that a queue can come to is met by somebody on the roster, whenever a call can come to emit it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from ivr.flow.graph import node_at, reachable, starts
from ivr.flow.proof.calendar import DAY, YEAR, spells
from ivr.flow.proof.languages import onward
from ivr.flow.proof.spans import Spans, crossed, first_beyond, open_spans, union
from ivr.flow.proof.subject import Subject, begins, lines
from ivr.flow.proof.ways import Begin
from ivr.flow.roster import Rostered
from ivr.flow.target import Place
from ivr.flow.zoned import EVER, Zoned
from ivr.speech import Language


@dataclass(frozen=True, slots=True)
class Demand:
    """What a caller of ``language`` who waits at ``place`` needs at the last, after every relaxation.

    ``queues``: where they wait, one after another. ``begins``: how calls begin that come to it.
    """

    place: Place
    language: Language
    queues: tuple[str, ...]
    needs: Mapping[str, int]
    begins: tuple[Begin, ...]


class Unmet(NamedTuple):
    """A demand for which nobody is on duty ``at`` (seconds since 1970), in a call that begins so."""

    demand: Demand
    begin: Begin
    at: float


def demands(subject: Subject) -> Iterator[Demand]:
    """Every demand that comes about, in each language that may be spoken there."""
    service = subject.service
    coming = _coming(subject)
    for place, language in sorted(subject.heard):
        node = service.flows[place.flow].nodes[place.node]
        for queue, needs in node.demands(language).items():
            come = coming.get(place, [])
            speaking = [begin for begin in come if language in begin.line.languages]
            yield Demand(place, language, (queue,), needs, tuple(speaking or come))


def _coming(subject: Subject) -> dict[Place, list[Begin]]:
    """Queues' place -> how calls begin that come to it without going over to another line."""
    service, found = subject.service, dict[Place, list[Begin]]()
    step = cache(lambda place: onward(service, place))

    @cache
    def waits(flow: str) -> list[Place]:
        places = reachable(starts(service, [flow]), step)
        return [place for place in places if (node := node_at(service, place)) and node.waits]

    for _, line in lines(service):
        for begin in begins(line, subject.at):
            for place in waits(begin.flow):
                found.setdefault(place, []).append(begin)
    return found


def unmet(
    emitted: Iterable[Demand], roster: Iterable[Rostered], opening: Mapping[str, Zoned], at: float, days: int = YEAR
) -> Iterator[Unmet]:
    """Each demand that nobody on duty meets at some instant within so many days of ``at``, with the first such instant.

    ``opening``: the queues' hours; a queue that it does not name is always open.
    """
    coverage = _Coverage(list(roster), opening, at, at + days * DAY)
    for demand in emitted:
        begun = [(begin, coverage.begun(begin)) for begin in demand.begins]
        instant = first_beyond(
            crossed(coverage.open(demand.queues), union(spans for _, spans in begun)),
            coverage.met(demand.queues, demand.needs),
        )
        if instant is not None:
            begin = next(begin for begin, spans in begun if any(start <= instant < end for start, end in spans))
            yield Unmet(demand, begin, instant)


@dataclass(frozen=True)
class _Coverage:
    """When who serves, between two instants; the same question is answered once."""

    people: list[Rostered]
    opening: Mapping[str, Zoned]
    start: float
    end: float
    known: dict[tuple[tuple[str, ...], frozenset[tuple[str, int]]], Spans] = field(default_factory=dict)
    begins: dict[tuple[str, str], Spans] = field(default_factory=dict)

    def open(self, queues: Iterable[str]) -> Spans:
        """When any of these queues is open."""
        return union(open_spans(self.opening.get(queue, EVER), self.start, self.end) for queue in queues)

    def begun(self, begin: Begin) -> Spans:
        """When calls begin so."""
        key = (begin.line.name, begin.flow)
        if key not in self.begins:
            times = spells(begin.line, self.start, round((self.end - self.start) / DAY))
            self.begins[key] = union(((spell.start, spell.end),) for spell in times if spell.flow == begin.flow)
        return self.begins[key]

    def met(self, queues: tuple[str, ...], needs: Mapping[str, int]) -> Spans:
        """When somebody who can meet the needs serves one of these queues while it is open."""
        key = (queues, frozenset(needs.items()))
        if key not in self.known:
            able = {
                (tuple(filter(person.serves, queues)), frozenset(person.shifts.values()))
                for person in self.people
                if person.meets(needs)
            }
            self.known[key] = union(crossed(self.open(served), self._on(shifts)) for served, shifts in able)
        return self.known[key]

    def _on(self, shifts: Iterable[Zoned]) -> Spans:
        return union(open_spans(shift, self.start, self.end) for shift in [*shifts] or [EVER])
