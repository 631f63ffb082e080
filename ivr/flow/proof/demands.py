"""Every demand that a queue can come to is met by somebody on the roster, whenever a call can come to emit it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from ivr.flow.graph import node_at, reachable, starts
from ivr.flow.model import Node
from ivr.flow.proof.calendar import DAY, YEAR, spells
from ivr.flow.proof.languages import onward
from ivr.flow.proof.subject import Subject, begins, lines
from ivr.flow.proof.ways import Begin
from ivr.flow.queues import ServiceQueue, chain
from ivr.flow.roster import Rostered
from ivr.flow.spans import Spans, beyond, crossed, first_beyond, open_spans, union
from ivr.flow.target import Place
from ivr.flow.zoned import EVER, Zoned
from ivr.speech import Language


@dataclass(frozen=True, slots=True)
class Demand:
    """What a caller of ``language`` who waits at ``place`` needs at the last, after every relaxation.

    ``queues``: where they wait, each overflowing to the next. ``leaves``: those that they leave after some time even
    while they are open. ``begins``: how calls begin that come to it.
    """

    place: Place
    language: Language
    queues: tuple[str, ...]
    needs: Mapping[str, int]
    begins: tuple[Begin, ...]
    leaves: frozenset[str] = frozenset()


class Unmet(NamedTuple):
    """A demand for which nobody of the ``queue`` is on duty ``at`` (seconds since 1970), in a call that begins so."""

    demand: Demand
    begin: Begin
    at: float
    queue: str


def demands(subject: Subject) -> Iterator[Demand]:
    """Every demand that comes about, in each language that may be spoken there."""
    service = subject.service
    coming = _coming(subject)
    for place, language in sorted(subject.heard):
        node = service.flows[place.flow].nodes[place.node]
        for queue, needs in node.demands(language, service.queues).items():
            along = chain(service.queues, queue)[: None if node.kind == "queue" else 1]
            leaves = frozenset(each for each in along if _leaves(service.queues[each], node, service.queues[queue]))
            come = coming.get(place, [])
            speaking = [begin for begin in come if language in begin.line.languages]
            yield Demand(place, language, along or (queue,), needs, tuple(speaking or come), leaves)


def _leaves(queue: ServiceQueue, node: Node, first: ServiceQueue) -> bool:
    """Whether a call of this node goes on from this queue before its longest wait is over."""
    longest = getattr(node, "max_wait", None) or first.max_wait
    return queue.overflow_after is not None and queue.overflow_after < longest


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

    It is to be met in the queue in which the call stays: the first open one, or the last one that waiting leads it to.
    ``opening``: the queues' hours; a queue that it does not name is always open.
    """
    coverage = _Coverage(list(roster), opening, at, at + days * DAY)
    for demand in emitted:
        begun = [(begin, coverage.begun(begin)) for begin in demand.begins]
        coming = union(spans for _, spans in begun)
        for queue, stays in coverage.stays(demand.queues, demand.leaves):
            instant = first_beyond(crossed(stays, coming), coverage.met(queue, demand.needs))
            if instant is not None:
                begin = next(begin for begin, spans in begun if any(start <= instant < end for start, end in spans))
                yield Unmet(demand, begin, instant, queue)
                break


@dataclass(frozen=True)
class _Coverage:
    """When who serves, between two instants; the same question is answered once."""

    people: list[Rostered]
    opening: Mapping[str, Zoned]
    start: float
    end: float
    known: dict[tuple[str, frozenset[tuple[str, int]]], Spans] = field(default_factory=dict)
    begins: dict[tuple[str, str], Spans] = field(default_factory=dict)

    def open(self, queues: Iterable[str]) -> Spans:
        """When any of these queues is open."""
        return union(open_spans(self.opening.get(queue, EVER), self.start, self.end) for queue in queues)

    def stays(self, queues: tuple[str, ...], leaves: frozenset[str]) -> Iterator[tuple[str, Spans]]:
        """In which of these queues, each overflowing to the next, a call stays that comes at which times."""
        come: Spans = ((self.start, self.end),)
        for index, queue in enumerate(queues):
            here, later = self.open((queue,)), self.open(queues[index + 1 :])
            passed = union((beyond(come, here), crossed(come, later) if queue in leaves else ()))
            yield queue, beyond(crossed(come, here), later) if queue in leaves else crossed(come, here)
            come = passed

    def begun(self, begin: Begin) -> Spans:
        """When calls begin so."""
        key = (begin.line.name, begin.flow)
        if key not in self.begins:
            times = spells(begin.line, self.start, round((self.end - self.start) / DAY))
            self.begins[key] = union(((spell.start, spell.end),) for spell in times if spell.flow == begin.flow)
        return self.begins[key]

    def met(self, queue: str, needs: Mapping[str, int]) -> Spans:
        """When somebody who can meet the needs serves the queue."""
        key = (queue, frozenset(needs.items()))
        if key not in self.known:
            able = {
                frozenset(person.shifts.values())
                for person in self.people
                if person.serves(queue) and person.meets(needs)
            }
            self.known[key] = union(map(self._on, able))
        return self.known[key]

    def _on(self, shifts: Iterable[Zoned]) -> Spans:
        return union(open_spans(shift, self.start, self.end) for shift in [*shifts] or [EVER])
