"""Stretches of time, and how they are joined, crossed and compared."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ivr.flow.intervals import intervals
from ivr.flow.zoned import EVER, Zoned

Spans = tuple[tuple[float, float], ...]
"""From before until (seconds since 1970), in order; no two touch."""


@lru_cache(maxsize=1024)
def open_spans(zoned: Zoned, start: float, end: float) -> Spans:
    """When it is open between two instants."""
    if zoned.hours == EVER.hours:
        return ((start, end),)
    return union([((each.start, each.end),) for each in intervals(zoned.hours, start, end, zoned.zone) if each.open])


def union(several: Iterable[Spans]) -> Spans:
    """When any of them is."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(span for spans in several for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def crossed(one: Spans, other: Spans) -> Spans:
    """When both are."""
    found, left, right = [], 0, 0
    while left < len(one) and right < len(other):
        start, end = max(one[left][0], other[right][0]), min(one[left][1], other[right][1])
        if start < end:
            found.append((start, end))
        if one[left][1] < other[right][1]:
            left += 1
        else:
            right += 1
    return tuple(found)


def beyond(one: Spans, other: Spans) -> Spans:
    """When the one is and the other is not."""
    found, at = [], 0
    for start, end in one:
        while at < len(other) and other[at][1] <= start:
            at += 1
        near = at
        while near < len(other) and other[near][0] < end:
            if start < other[near][0]:
                found.append((start, other[near][0]))
            start = max(start, other[near][1])  # noqa: PLW2901  what is left of this stretch
            near += 1
        if start < end:
            found.append((start, end))
    return tuple(found)


def first_beyond(wanted: Spans, covered: Spans) -> float | None:
    """The first instant of ``wanted`` that is not ``covered``; None when all of it is."""
    at = 0
    for start, end in wanted:
        while start < end:
            while at < len(covered) and covered[at][1] <= start:
                at += 1
            if at == len(covered) or start < covered[at][0]:
                return start
            start = covered[at][1]  # noqa: PLW2901  what is left of this stretch
    return None
