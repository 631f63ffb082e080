"""Places for the boxes of a flow, in layers from its start down.

After Sugiyama, Tagawa and Toda (1981): layers by the fewest steps from the start, a bend in every layer that a long
arrow crosses, and a few sweeps that move each box to the middle of those it hangs together with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from ivr.drawing.sketch import Arrow, Sketch

SWEEPS = 8

Spot = str | tuple[int, int]
"""A box by its name; a bend by its arrow's index and its layer."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``rows``: each layer from left to right. ``ways``: of each arrow, the spots that it passes, ends included."""

    rows: tuple[tuple[Spot, ...], ...]
    ways: tuple[tuple[Spot, ...], ...]


def layout(drawn: Sketch) -> Layout:
    """The layers of a sketch."""
    layers = _layers(drawn)
    ways = tuple(_way(index, arrow, layers) for index, arrow in enumerate(drawn.arrows))
    rows: list[list[Spot]] = [[] for _ in range(max(layers.values()) + 1)]
    for box in drawn.boxes:
        rows[layers[box.name]].append(box.name)
    for way in ways:
        for bend in way[1:-1]:
            if not isinstance(bend, str):
                rows[bend[1]].append(bend)
    return Layout(tuple(tuple(row) for row in _ordered(rows, ways)), ways)


def _layers(drawn: Sketch) -> dict[str, int]:
    """The fewest steps from the start; what cannot be come to stands in the last layer."""
    onward: dict[str, list[str]] = {}
    for arrow in drawn.arrows:
        onward.setdefault(arrow.source, []).append(arrow.to)
    layers = {drawn.start: 0}
    todo = [drawn.start]
    for name in todo:
        for to in onward.get(name, ()):
            if to not in layers:
                layers[to] = layers[name] + 1
                todo.append(to)
    last = max(layers.values()) + 1
    return {**layers, **{box.name: last for box in drawn.boxes if box.name not in layers}}


def _way(index: int, arrow: Arrow, layers: Mapping[str, int]) -> tuple[Spot, ...]:
    first, last = layers[arrow.source], layers[arrow.to]
    step = 1 if last > first else -1
    return (arrow.source, *((index, layer) for layer in range(first + step, last, step)), arrow.to)


def _ordered(rows: list[list[Spot]], ways: tuple[tuple[Spot, ...], ...]) -> list[list[Spot]]:
    near: dict[Spot, list[Spot]] = {}
    for way in ways:
        for one, other in pairwise(way):
            near.setdefault(one, []).append(other)
            near.setdefault(other, []).append(one)
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            places = {spot: _across(index, each) for each in rows for index, spot in enumerate(each)}
            row.sort(key=lambda spot: _middle([places[other] for other in near.get(spot, ())], places[spot]))
    return rows


def _across(index: int, row: list[Spot]) -> float:
    """How far from the middle of its row, so that rows of different length compare."""
    return index - (len(row) - 1) / 2


def _middle(others: list[float], own: float) -> float:
    return sum(others) / len(others) if others else own
