"""What came of a simulation, as a table, as data and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ivr.drawing.whiskers import Panel, Point, whiskers
from ivr.messages import Message
from routing.simulate.figures import Figure, Row


@dataclass(frozen=True, slots=True)
class Measure:
    """One column: the field of a Row, its heading, and whether it is a share (else seconds, or calls)."""

    field: str
    heading: Message
    share: bool = True


def measures(within: float) -> tuple[Measure, ...]:
    """The columns; ``within``: the wait (s) that the service level is about."""
    return (
        Measure("calls", Message("column-calls"), share=False),
        Measure("service_level", Message("column-service-level", within=f"{within:g}")),
        Measure("mean_wait", Message("column-mean-wait"), share=False),
        Measure("p90_wait", Message("column-p90-wait"), share=False),
        Measure("abandoned", Message("column-abandoned")),
        Measure("timed_out", Message("column-timed-out")),
        Measure("unserved", Message("column-unserved")),
        Measure("blocked", Message("column-blocked")),
        Measure("occupancy", Message("column-occupancy")),
    )


RARE = ("timed_out", "unserved", "blocked")
"""Columns that are left out where nothing of the kind happens."""


def shown(rows: Sequence[Row], within: float) -> list[Measure]:
    """The columns that say something."""
    return [
        each
        for each in measures(within)
        if each.field not in RARE or any((figure := getattr(row, each.field)) and figure.mean for row in rows)
    ]


def table(rows: Sequence[Row], within: float, language: str) -> tuple[list[str], list[list[str]]]:
    """Headings and cells, in ``language``."""
    columns = shown(rows, within)
    cells = [[_name(row, language), *(written(getattr(row, each.field), each) for each in columns)] for row in rows]
    return [Message("column-calls-of"), *(each.heading for each in columns)], cells


def written(figure: Figure | None, measure: Measure) -> str:
    """``83.1 ± 1.2 %``, ``25.3 ± 2.0``, or a dash."""
    if figure is None:
        return "–"
    if measure.share:
        return f"{100 * figure.mean:.1f} ± {100 * figure.half:.1f} %"
    return f"{figure.mean:.1f} ± {figure.half:.1f}"


def data(rows: Sequence[Row], within: float, days: int, level: float) -> dict[str, Any]:
    """For programs: shares from 0 to 1, waits in seconds, ``half`` half the width of the confidence interval."""
    return {
        "days": days,
        "confidence": level,
        "within": within,
        "rows": [
            {
                "by": row.by,
                "name": row.name,
                **{each.field: _figure(getattr(row, each.field)) for each in measures(within)},
            }
            for row in rows
        ],
    }


def picture(rows: Sequence[Row], within: float, days: int, language: str) -> str:
    """As SVG, in ``language``; ``days``: how often the day was simulated."""
    panels = [
        Panel(each.heading.told(language), [_point(getattr(row, each.field), each) for row in rows], share=each.share)
        for each in shown(rows, within)
        if each.field != "calls"
    ]
    title = Message("day-simulated", days=days).told(language)
    return whiskers(title, [_name(row, language) for row in rows], panels)


def _name(row: Row, language: str) -> str:
    return Message(f"row-{row.by}", name=row.name).told(language)


def _figure(figure: Figure | None) -> dict[str, float] | None:
    return None if figure is None else {"mean": figure.mean, "half": figure.half}


def _point(figure: Figure | None, measure: Measure) -> Point | None:
    if figure is None:
        return None
    return Point(figure.mean, figure.mean - figure.half, figure.mean + figure.half, written(figure, measure))
