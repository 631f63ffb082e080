"""A flow's picture for a terminal: each node in the order in which a call comes to it, with where it leads."""

from __future__ import annotations

from ivr.drawing.layers import layout
from ivr.drawing.sketch import Arrow, Sketch


def lines(drawn: Sketch) -> list[str]:
    """The picture, line by line."""
    boxes = {box.name: box for box in drawn.boxes}
    onward: dict[str, list[Arrow]] = {}
    for arrow in drawn.arrows:
        onward.setdefault(arrow.source, []).append(arrow)
    told = [f"{drawn.flow}: starts at {drawn.start}"]
    for row in layout(drawn).rows:
        for name in row:
            if isinstance(name, str) and boxes[name].kind:
                kind = f"{boxes[name].kind} {boxes[name].subject}".strip()
                told += ["", f"■ {name}  ({kind})", *_ways(onward.get(name, []))]
    return told


def _ways(arrows: list[Arrow]) -> list[str]:
    wide = max((len(arrow.label) for arrow in arrows), default=0)
    marks = ["├"] * (len(arrows) - 1) + ["└"]
    return [f"  {mark}─ {arrow.label:<{wide}} → {arrow.to}" for mark, arrow in zip(marks, arrows, strict=False)]
