"""Which languages are spoken where: a line's own, and those that a node lets a caller choose besides."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import cache

from ivr.flow.graph import leads, line_starts, next_places, node_at
from ivr.flow.service import Line, Service
from ivr.flow.target import RESCUE, Place
from ivr.speech import Language


def heard(service: Service) -> dict[tuple[Place, Language], Line]:
    """Place and language -> a line whose callers may hear that language there, with few nodes before it."""
    step = cache(lambda place: onward(service, place))
    spoken: dict[Language, dict[Place, Line]] = {}
    for line in (*service.lines.values(), service.unknown):
        for language in line.languages:
            known = spoken.setdefault(language, {})
            starts = [start for start in line_starts(service, line) if node_at(service, start)]
            known.update((start, line) for start in starts if start not in known)
    for known in spoken.values():
        _spread(known, list(known), step)
    for place, line in {place: line for known in spoken.values() for place, line in known.items()}.items():
        node = node_at(service, place)
        for language in node.languages() if node else ():
            known = spoken.setdefault(language, {})
            if place not in known:
                known[place] = line
                _spread(known, [place], step)
    return {(place, language): line for language, known in spoken.items() for place, line in known.items()}


def _spread(known: dict[Place, Line], begin: list[Place], onward: Callable[[Place], list[Place]]) -> None:
    """Add every place that can be come to from ``begin``, on the line by which it is come to."""
    todo = deque(begin)
    while todo:
        here = todo.popleft()
        for there in onward(here):
            if there not in known:
                known[there] = known[here]
                todo.append(there)


def onward(service: Service, place: Place) -> list[Place]:
    """Where calls go on that stay on their line, or meet a fault of ours; other lines have their own languages."""
    ways = [*next_places(service, place, lines=False), *leads(service, place, RESCUE)]
    return [there for there in dict.fromkeys(ways) if node_at(service, there)]
