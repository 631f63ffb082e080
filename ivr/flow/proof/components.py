"""Strongly connected components of a graph: sets of states of which each can be come to from each other one.

R. Tarjan, Depth-first search and linear graph algorithms (1972); without recursion, as a flow may be 500 nodes deep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Point = TypeVar("Point")


def components(points: Iterable[Point], onward: Callable[[Point], Iterable[Point]]) -> Iterator[list[Point]]:
    """Each component once, and only after all that can be come to from it."""
    index: dict[Point, int] = {}
    low: dict[Point, int] = {}
    open_: list[Point] = []
    inside: set[Point] = set()

    def enter(point: Point) -> tuple[Point, Iterator[Point]]:
        index[point] = low[point] = len(index)
        open_.append(point)
        inside.add(point)
        return point, iter(onward(point))

    for first in points:
        walk = [enter(first)] if first not in index else []
        while walk:
            point, rest = walk[-1]
            there = next(rest, None)
            if there is None:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[point])
                if low[point] == index[point]:
                    yield _closed(open_, inside, point)
            elif there not in index:
                walk.append(enter(there))
            elif there in inside:
                low[point] = min(low[point], index[there])


def _closed(open_: list[Point], inside: set[Point], root: Point) -> list[Point]:
    component = [open_.pop()]
    while component[-1] != root:
        component.append(open_.pop())
    inside.difference_update(component)
    return component
