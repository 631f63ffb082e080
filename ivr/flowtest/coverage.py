"""Which edges of the flows no example call takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivr.flow.service import Service
from ivr.flow.target import Place
from ivr.flowtest.example import Spot


@dataclass(frozen=True, slots=True)
class Untaken:
    """An edge that no call takes, and where the node stands."""

    place: Place
    outcome: str
    spot: Spot

    def __str__(self) -> str:
        return f"{self.spot}: {self.place.flow}.{self.place.node} -> {self.outcome}"


@dataclass(slots=True)
class Coverage:
    """Collects the edges taken; ``took`` is for Session."""

    edges: set[tuple[Place, str]] = field(default_factory=set)

    def took(self, place: Place, outcome: str, there: Place | None) -> None:
        """A call took this edge."""
        self.edges.add((place, outcome))

    def untaken(self, service: Service) -> list[Untaken]:
        """The edges of every flow that were not taken, in the order of the files."""
        return [
            Untaken(place, outcome, Spot(flow.source.file, flow.source.keys[("nodes", name)][0]))
            for flow in service.flows.values()
            for name, node in flow.nodes.items()
            for outcome in node.edges()
            if ((place := Place(flow.name, name)), outcome) not in self.edges
        ]


def edge_count(service: Service) -> int:
    """How many edges there are in all."""
    return sum(len(node.edges()) for flow in service.flows.values() for node in flow.nodes.values())
