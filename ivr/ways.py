"""Where each outcome of a node leads, worked out once: a version's flows never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.flow import target
from ivr.flow.model import Node
from ivr.flow.service import Service
from ivr.flow.target import Place

Way = Place | str | None
"""A place; None, the end; or a word of ivr.flow.target, which leads where the call's own story says."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A node in its flow. ``ways``: by outcome; ``astray``: where an outcome without a way of its own leads.

    ``tells``: it says what the call is about.
    """

    node: Node
    ways: Mapping[str, Way]
    astray: Place | None
    tells: bool


class Ways:
    """The stops of one version, each made when a call first comes to it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._stops: dict[Place, Stop] = {}

    def at(self, place: Place) -> Stop | None:
        """The stop at this place; None when the version has no such node."""
        return self._stops.get(place) or self._made(place)

    def _made(self, place: Place) -> Stop | None:
        flow = self._service.flows.get(place.flow)
        node = flow.nodes.get(place.node) if flow else None
        if flow is None or node is None:
            return None
        rescue = Place(flow.name, flow.rescue) if place.node != flow.rescue else None
        ways = {outcome: _way(flow.name, to, rescue) for outcome, to in node.edges().items()}
        tells = node.section is not None or node.category is not None
        stop = self._stops[place] = Stop(node, ways, rescue, tells)
        return stop


def _way(flow: str, to: str, rescue: Place | None) -> Way:
    if to == target.END:
        return None
    if to == target.RESCUE:
        return rescue
    return Place(flow, to) if target.is_node(to) else to
