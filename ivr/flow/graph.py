"""Where a call can go: the flows of a service as one graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from ivr.flow import target
from ivr.flow.model import Node
from ivr.flow.service import Line, Service
from ivr.flow.target import Place

Point = TypeVar("Point")


def node_at(service: Service, place: Place) -> Node | None:
    """The node there, None where there is none."""
    flow = service.flows.get(place.flow)
    return flow.nodes.get(place.node) if flow else None


def leads(service: Service, place: Place, to: str, *, lines: bool = True) -> list[Place]:
    """Every place that the target ``to`` of an edge at ``place`` may mean; ``lines``: other lines' flows as well."""
    flow = service.flows[place.flow]
    if to == target.RESCUE:
        return [Place(flow.name, flow.rescue)]
    if to.startswith((target.FLOW, target.CALL)):
        return starts(service, [to.partition(":")[2]])
    if to.startswith(target.RETURN):
        return _returns(service, flow.name, to.removeprefix(target.RETURN))
    if to.startswith(target.LINE):
        line = service.lines.get(to.removeprefix(target.LINE))
        return line_starts(service, line) if line and lines else []
    return [Place(flow.name, to)] if target.is_node(to) else []


def _returns(service: Service, flow: str, word: str) -> list[Place]:
    """Where every node that calls this flow goes on with the word."""
    places = []
    for caller in service.flows.values():
        for node in caller.nodes.values():
            edges = node.edges()
            if target.CALL + flow in edges.values():
                places.append(Place(caller.name, edges.get(word, edges["then"])))
    return places


def starts(service: Service, flows: Iterable[str | None]) -> list[Place]:
    """Where these flows begin, as far as they exist."""
    return [Place(flow.name, flow.start) for name in flows if name and (flow := service.flows.get(name))]


def line_starts(service: Service, line: Line) -> list[Place]:
    """Where calls to the line begin: in its hours and out of them."""
    return starts(service, (line.flow, line.closed))


def next_places(service: Service, place: Place, *, lines: bool = True) -> list[Place]:
    """Where a call may go on from ``place``."""
    node = node_at(service, place)
    edges = node.edges().values() if node else ()
    return [there for to in edges for there in leads(service, place, to, lines=lines)]


def reachable(begin: Iterable[Place], onward: Callable[[Place], Iterable[Place]]) -> set[Place]:
    """Every place that can be come to from ``begin``, these included."""
    seen: set[Place] = set()
    todo = list(begin)
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += onward(place)
    return seen


def circles(points: Iterable[Point], onward: Callable[[Point], Iterable[Point]]) -> Iterator[list[Point]]:
    """One circle for each that a walk falls into; each point in at most one."""
    done: set[Point] = set()
    for first in points:
        way: list[Point] = []
        todo: list[tuple[Point, int]] = [(first, 0)]
        while todo:
            point, depth = todo.pop()
            del way[depth:]
            if point in way:
                yield way[way.index(point) :]
            elif point not in done:
                done.add(point)
                way.append(point)
                todo += [(there, depth + 1) for there in onward(point)]
