"""Figures as people read them and, with --json, as programs do."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from typing import Any


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the worst of the values, by nearest rank."""
    ordered = sorted(values)
    at = lambda share: ordered[min(len(ordered) - 1, int(len(ordered) * share))]  # noqa: E731
    return {"count": len(ordered), "p50": at(0.5), "p99": at(0.99), "worst": ordered[-1]}


def spread(values: Sequence[float], digits: int = 3) -> str:
    """The median, and the least and the most behind it."""
    low, high = min(values), max(values)
    return f"{statistics.median(values):.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def show(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """A table with a column for each key."""
    print(f"\n{title}")
    names = list(rows[0])
    cells = [[_cell(row.get(name, "")) for name in names] for row in rows]
    widths = [max(len(name), *(len(row[index]) for row in cells)) for index, name in enumerate(names)]
    for line in (names, *cells):
        first, *rest = (text for text in line)
        print(
            first.ljust(widths[0]), *(text.rjust(width) for text, width in zip(rest, widths[1:], strict=True)), sep="  "
        )


def finish(figures: Mapping[str, Any], as_json: bool) -> None:
    """The figures once more, for programs."""
    if as_json:
        print(json.dumps(figures, indent=1))


def _cell(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
