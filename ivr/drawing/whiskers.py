"""Figures with their confidence intervals as SVG: one panel a measure, a point with whiskers a row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

NAMES, PANEL, GAP, LINE, HEAD, MARGIN = 190, 170, 26, 24, 46, 20
"""Widths of the names, a panel and the gap between panels; heights of a row and of the panels' heads."""

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1b1f24; }
.head { font-weight: 600; } .tick { font-size: 10px; fill: #57606a; } .value { font-size: 11px; }
.grid { stroke: #d0d7de; } .whisker { stroke: #0969da; stroke-width: 2; } circle { fill: #0969da; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .ground { fill: #0d1117; } .tick { fill: #9198a1; } .grid { stroke: #30363d; }
  .whisker { stroke: #4493f8; } circle { fill: #4493f8; }
}
"""


@dataclass(frozen=True, slots=True)
class Point:
    """A value from ``low`` to ``high``, and the words that tell it."""

    value: float
    low: float
    high: float
    told: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure: a point for each row, None where nothing is known."""

    title: str
    points: Sequence[Point | None]
    share: bool = False


def whiskers(title: str, names: Sequence[str], panels: Sequence[Panel]) -> str:
    """The picture. ``names``: of the rows."""
    width = 2 * MARGIN + NAMES + len(panels) * (PANEL + GAP)
    height = 2 * MARGIN + HEAD + LINE * len(names)
    rows = [f'<text x="{MARGIN}" y="{_y(index) + 4:g}">{escape(name[:26])}</text>' for index, name in enumerate(names)]
    drawn = [part for index, panel in enumerate(panels) for part in _panel(index, panel, names)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'aria-labelledby="title desc">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(_told(names, panels))}</desc>',
            f"<style>{STYLE}</style>",
            f'<path class="ground" fill="#fff" d="M0 0H{width}V{height}H0z"/>',
            *rows,
            *drawn,
            "</svg>\n",
        ]
    )


def _told(names: Sequence[str], panels: Sequence[Panel]) -> str:
    """The picture in words."""
    return " ".join(
        f"{name}: {', '.join(f'{panel.title} {point.told}' for panel in panels if (point := panel.points[row]))}."
        for row, name in enumerate(names)
    )


def _y(row: int) -> float:
    return MARGIN + HEAD + LINE * row + LINE / 2


def _panel(index: int, panel: Panel, names: Sequence[str]) -> list[str]:
    left = MARGIN + NAMES + index * (PANEL + GAP)
    top = _round_up(max((point.high for point in panel.points if point), default=1.0), share=panel.share)
    bottom = _y(len(names) - 1) + LINE / 2
    parts = [f'<text class="head" x="{left}" y="{MARGIN + 14}">{escape(panel.title)}</text>']
    for part in (0.0, 0.5, 1.0):
        x, told = left + PANEL * part, f"{top * part:.0%}" if panel.share else f"{top * part:g}"
        parts.append(f'<path class="grid" d="M{x:g} {MARGIN + HEAD - 4}V{bottom:g}"/>')
        parts.append(f'<text class="tick" x="{x:g}" y="{MARGIN + 34}" text-anchor="middle">{told}</text>')
    for row, point in enumerate(panel.points):
        if point is not None:
            parts.append(_point(point, _y(row), left, PANEL / top, f"{names[row]}: {panel.title} {point.told}"))
    return parts


def _point(point: Point, y: float, left: float, scale: float, told: str) -> str:
    low, middle, high = (left + scale * max(0.0, value) for value in (point.low, point.value, point.high))
    return (
        f'<g><title>{escape(told)}</title><path class="whisker" d="M{low:.1f} {y:g}H{high:.1f}"/>'
        f'<circle cx="{middle:.1f}" cy="{y:g}" r="4"/></g>'
    )


def _round_up(value: float, *, share: bool) -> float:
    """The panel's right end: a round number that is not below the value."""
    if share and value > 0.5:
        return max(1.0, value)
    if value <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(step * unit for step in (1, 2, 4, 6, 8, 10) if step * unit >= value)
