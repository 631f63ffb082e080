"""A flow's picture as SVG: one file that needs nothing else, with a title and a description for those who listen."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from ivr.drawing.layers import Layout, Spot, layout
from ivr.drawing.sketch import Box, Sketch

WIDTH, HEIGHT = 190, 46
"""Of a box, in units of the picture."""

BEND = 40
"""The width that an arrow takes where it passes a layer."""

GAP, DROP, MARGIN = 26, 74, 30
"""Between boxes of a layer, between layers, around everything."""

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1b1f24; }
.kind, .way text { font-size: 11px; fill: #57606a; }
.way text { paint-order: stroke; stroke: #fff; stroke-width: 4px; }
.way path { fill: none; stroke: #8c959f; stroke-width: 1.3; marker-end: url(#tip); }
.way.up path { stroke-dasharray: 4 3; }
rect { fill: #f6f8fa; stroke: #57606a; rx: 7px; }
.waits rect { fill: #ddf4ff; stroke: #0969da; }
.outside rect { fill: #fff; stroke-dasharray: 5 3; }
.start rect { stroke-width: 2.5; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .ground { fill: #0d1117; } .kind, .way text { fill: #9198a1; }
  .way text { stroke: #0d1117; } rect { fill: #161b22; stroke: #9198a1; }
  .waits rect { fill: #0c2d6b; } .outside rect { fill: #0d1117; }
}
"""

Point = tuple[float, float]


def svg(drawn: Sketch) -> str:
    """The picture, drawn."""
    placed = layout(drawn)
    points, width = _points(placed)
    height = len(placed.rows) * (HEIGHT + DROP) - DROP + 2 * MARGIN
    ways = [_way(drawn, index, way, points) for index, way in enumerate(placed.ways)]
    boxes = [_box(drawn, box, points[box.name]) for box in drawn.boxes]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
            f'aria-labelledby="title desc">',
            f'<title id="title">{escape(f"The flow {drawn.flow}")}</title>',
            f'<desc id="desc">{escape(_told(drawn))}</desc>',
            f"<style>{STYLE}</style>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="#8c959f"/></marker></defs>',
            f'<path class="ground" fill="#fff" d="M0 0H{width:g}V{height:g}H0z"/>',
            *ways,
            *boxes,
            "</svg>\n",
        ]
    )


def _told(drawn: Sketch) -> str:
    """The picture in words: each node with where it leads."""
    ways: dict[str, list[str]] = {box.name: [] for box in drawn.boxes}
    for arrow in drawn.arrows:
        ways[arrow.source].append(f"{arrow.label} to {arrow.to}")
    said = (f"{name}: {'; '.join(onward)}." for name, onward in ways.items() if onward)
    return " ".join((f"It starts at {drawn.start}.", *said))


def _points(placed: Layout) -> tuple[dict[Spot, Point], float]:
    """The middle of each spot, and the width of the whole; every layer stands in the middle."""
    sizes = [sum(_width(spot) + GAP for spot in row) - GAP for row in placed.rows]
    whole = max(sizes) + 2 * MARGIN
    points: dict[Spot, Point] = {}
    for layer, (row, size) in enumerate(zip(placed.rows, sizes, strict=True)):
        x, y = (whole - size) / 2, MARGIN + layer * (HEIGHT + DROP) + HEIGHT / 2
        for spot in row:
            points[spot] = (x + _width(spot) / 2, y)
            x += _width(spot) + GAP
    return points, whole


def _width(spot: Spot) -> float:
    return WIDTH if isinstance(spot, str) else BEND


def _box(drawn: Sketch, box: Box, middle: Point) -> str:
    x, y = middle[0] - WIDTH / 2, middle[1] - HEIGHT / 2
    kinds = ["start"] if box.name == drawn.start else []
    kinds += ["waits"] if box.kind in ("queue", "callback", "record-message") else [] if box.kind else ["outside"]
    kind = f"{box.kind}: {box.subject}" if box.subject else box.kind
    small = f'<text class="kind" x="{x + 10:g}" y="{y + 36:g}">{escape(_short(kind))}</text>' if kind else ""
    return (
        f'<g class="{" ".join(kinds) or "node"}"><title>{escape(f"{box.name} {kind}".strip())}</title>'
        f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}"/>'
        f'<text x="{x + 10:g}" y="{y + 20:g}">{escape(_short(box.name))}</text>{small}</g>'
    )


def _short(text: str) -> str:
    return text if len(text) <= 27 else f"{text[:26]}…"


def _way(drawn: Sketch, index: int, way: tuple[Spot, ...], points: dict[Spot, Point]) -> str:
    arrow = drawn.arrows[index]
    along = [points[spot] for spot in way]
    up = along[0][1] >= along[-1][1]
    path, label = _bow(along[0], along[1]) if along[0][1] == along[-1][1] else _chain(along, up=up)
    name = f"{arrow.source}, {arrow.label}: {arrow.to}"
    return (
        f'<g class="way{" up" if up else ""}"><title>{escape(name)}</title><path d="{path}"/>'
        f'<text x="{label[0]:g}" y="{label[1]:g}" text-anchor="middle">{escape(_short(arrow.label))}</text></g>'
    )


def _bow(begin: Point, end: Point) -> tuple[str, Point]:
    """Within a layer: beneath it. The path, and where its label stands."""
    edge = begin[1] + HEIGHT / 2
    low = edge + DROP / 2
    path = f"M{begin[0] - 8:g} {edge:g}C{begin[0] - 8:g} {low:g} {end[0] + 8:g} {low:g} {end[0] + 8:g} {edge:g}"
    return path, ((begin[0] + end[0]) / 2, low - 4)


def _chain(along: list[Point], *, up: bool) -> tuple[str, Point]:
    """From layer to layer. The path, and where its label stands."""
    edge = -HEIGHT / 2 if up else HEIGHT / 2
    begin, end = (along[0][0], along[0][1] + edge), (along[-1][0], along[-1][1] - edge)
    bends = [begin, *along[1:-1], end]
    path = f"M{begin[0]:g} {begin[1]:g}" + "".join(_curve(*pair) for pair in pairwise(bends))
    return path, (begin[0] * 0.45 + bends[1][0] * 0.55, begin[1] * 0.45 + bends[1][1] * 0.55)


def _curve(begin: Point, end: Point) -> str:
    half = (begin[1] + end[1]) / 2
    return f"C{begin[0]:g} {half:g} {end[0]:g} {half:g} {end[0]:g} {end[1]:g}"
