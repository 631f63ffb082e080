"""What a picture of a flow shows: its nodes, where each leads, and how many calls went that way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.flow import target
from ivr.flow.model import Node
from ivr.flow.service import Flow

Steps = Mapping[tuple[str, str], int]
"""(``flow.node``, ``flow.node``) -> how many times a call went from the one to the other."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node; or what is outside of the flow, whose ``kind`` is ""."""

    name: str
    kind: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another by one or several outcomes. ``calls``: None where nothing is known of them."""

    source: str
    to: str
    outcomes: tuple[str, ...]
    calls: int | None = None

    @property
    def label(self) -> str:
        """The outcomes, and the calls that took one of them."""
        words = ", ".join(self.outcomes)
        return words if self.calls is None else f"{words} ({self.calls})"


@dataclass(frozen=True, slots=True)
class Sketch:
    """A flow's picture before anything has its place. Boxes in the order in which a call comes to them."""

    flow: str
    start: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def sketch(flow: Flow, steps: Steps | None = None) -> Sketch:
    """The picture of ``flow``, with the calls of ``steps`` where these are known."""
    arrows: list[Arrow] = []
    names = [flow.start, *(name for name in flow.nodes if name != flow.start)]
    for name in names:
        arrows += _arrows(flow, name, steps)
    outside = dict.fromkeys(arrow.to for arrow in arrows if arrow.to not in flow.nodes)
    boxes = [_box(name, flow.nodes[name]) for name in names if name in flow.nodes]
    return Sketch(flow.name, flow.start, (*boxes, *(Box(name) for name in outside)), tuple(arrows))


def _arrows(flow: Flow, name: str, steps: Steps | None) -> list[Arrow]:
    """One arrow for each box that the node leads to; the way back, which every menu has, is not drawn."""
    ways: dict[str, list[str]] = {}
    for outcome, to in flow.nodes[name].edges().items() if name in flow.nodes else ():
        if to != target.BACK:
            ways.setdefault(flow.rescue if to == target.RESCUE else to, []).append(outcome)
    return [Arrow(name, to, tuple(outcomes), _calls(flow, name, to, steps)) for to, outcomes in ways.items()]


def _calls(flow: Flow, name: str, to: str, steps: Steps | None) -> int | None:
    """Calls are counted from node to node, so nothing is known of those that leave the flow."""
    if steps is None or not target.is_node(to):
        return None
    return steps.get((f"{flow.name}.{name}", f"{flow.name}.{to}"), 0)


def _box(name: str, node: Node) -> Box:
    subject = getattr(node, node.kind.replace("-", "_"), "")
    return Box(name, node.kind, subject if isinstance(subject, str) else "")
