"""When queues are closed while calls can come: every such state of affairs in a year, by intervals, none left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ivr.flow.proof.calendar import DAY, YEAR, spells
from ivr.flow.proof.ways import Begin
from ivr.flow.queues import Queues, chain
from ivr.flow.spans import Spans, beyond, crossed, open_spans, union


class Shut(NamedTuple):
    """These queues, with all that they overflow to, are closed at once; ``begins``: how calls begin that come then.

    ``at``: the first such instant (seconds since 1970) by the names of line and flow.
    """

    queues: frozenset[str]
    begins: tuple[Begin, ...]
    at: Mapping[tuple[str, str], float]

    def first(self, begin: Begin) -> float:
        """The first instant at which a call begins so."""
        return self.at[begin.line.name, begin.flow]


def shut(queues: Queues, begins: Iterable[Begin], at: float) -> Iterator[Shut]:
    """Every set of queues that nobody can wait in at some instant of the year from ``at``, when a call may come."""
    until = at + YEAR * DAY
    closed = {name: spans for name in queues if (spans := _closed(queues, name, at, until))}
    known = {(begin.line.name, begin.flow): begin for begin in begins if closed}
    found: dict[frozenset[str], dict[tuple[str, str], float]] = {}
    for key, begin in known.items():
        coming = union(((each.start, each.end),) for each in spells(begin.line, at) if each.flow == begin.flow)
        for names, start in _together(closed, coming):
            first = found.setdefault(names, {})
            first[key] = min(start, first.get(key, start))
    for names in sorted(found, key=sorted):
        yield Shut(names, tuple(known[key] for key in found[names]), found[names])


def _closed(queues: Queues, name: str, at: float, until: float) -> Spans:
    return beyond(((at, until),), union(open_spans(queues[each].opening, at, until) for each in chain(queues, name)))


def _together(closed: Mapping[str, Spans], coming: Spans) -> Iterator[tuple[frozenset[str], float]]:
    """Each set of queues that are closed at once within ``coming``, with the start of each such stretch."""
    within = {name: crossed(spans, coming) for name, spans in closed.items()}
    turns = sorted({turn for spans in within.values() for span in spans for turn in span})
    place = dict.fromkeys(within, 0)
    for turn in turns:
        names = set()
        for name, spans in within.items():
            while place[name] < len(spans) and spans[place[name]][1] <= turn:
                place[name] += 1
            if place[name] < len(spans) and spans[place[name]][0] <= turn:
                names.add(name)
        if names:
            yield frozenset(names), turn
