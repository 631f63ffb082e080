"""Every state that a call can come to, and the shortest call that comes there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ivr.flow import target
from ivr.flow.graph import leads, node_at
from ivr.flow.model import Node
from ivr.flow.service import Line, Service
from ivr.flow.target import Place

CLOSED = "closed"
"""The one outcome of a queue that is closed."""

TROUBLE = "(trouble)"
"""The outcome that no node has: something of ours failed, and the flow's rescue goes on."""


class State(NamedTuple):
    """A node, and the nodes whose sub-flows are to return, the innermost last."""

    place: Place
    frames: tuple[Place, ...] = ()


class Way(NamedTuple):
    """An outcome of a state, and the state that it leads to; None is the end of the call."""

    outcome: str
    there: State | None


class Begin(NamedTuple):
    """A call to ``line`` that ``flow`` answers."""

    line: Line
    flow: str


class Step(NamedTuple):
    """A state of a call, and what came about there; "" at the last one."""

    state: State
    outcome: str


@dataclass(frozen=True)
class Ways:
    """All that calls can do which begin as ``begins`` says, while the queues ``shut`` are closed."""

    service: Service
    begins: Sequence[Begin]
    shut: frozenset[str] = frozenset()
    came: dict[State, tuple[State, str] | Begin] = field(default_factory=dict)
    """How the shortest call comes to each state: from which one, or as its beginning."""
    depth: dict[State, int] = field(default_factory=dict)
    """Nodes before it on that call."""
    onward: dict[State, tuple[Way, ...]] = field(default_factory=dict)
    """All ways on from each state, but ``*``: it leads where the call has been."""

    @cached_property
    def states(self) -> tuple[State, ...]:
        """Every state, nearest first; those that only a fault of ours leads to come last."""
        self._spread(self._starts())
        while rescues := self._rescues():
            self._spread(rescues)
        return tuple(self.came)

    def node(self, state: State) -> Node:
        """The node of a state that can be come to."""
        return self.service.flows[state.place.flow].nodes[state.place.node]

    def is_shut(self, state: State) -> bool:
        """Whether it is a queue that is closed."""
        node = self.node(state)
        return node.kind == "queue" and not self.shut.isdisjoint(node.queues())

    def calls(self, state: State) -> bool:
        """Whether the state's node calls a flow that returns to it."""
        return any(to.startswith(target.CALL) for to in self.node(state).edges().values())

    def to(self, state: State, there: State | None) -> list[Way]:
        """Every way from the one to the other."""
        return [way for way in self.onward[state] if way.there == there]

    def call_to(self, state: State) -> tuple[Begin, list[Step]]:
        """The shortest call to the state, without the state itself."""
        way: list[Step] = []
        came = self.came[state]
        while not isinstance(came, Begin):
            way.append(Step(*came))
            came = self.came[came[0]]
        return came, way[::-1]

    def _starts(self) -> Iterator[tuple[State, Begin]]:
        for begin in self.begins:
            flow = self.service.flows.get(begin.flow)
            if flow is not None and flow.start in flow.nodes:
                yield State(Place(flow.name, flow.start)), begin

    def _rescues(self) -> list[tuple[State, tuple[State, str]]]:
        found: dict[State, tuple[State, str]] = {}
        for state in self.came:
            flow = self.service.flows[state.place.flow]
            there = State(Place(flow.name, flow.rescue), state.frames)
            if there not in self.came and flow.rescue in flow.nodes:
                found.setdefault(there, (state, TROUBLE))
        return list(found.items())

    def _spread(self, begin: Iterable[tuple[State, tuple[State, str] | Begin]]) -> None:
        todo: deque[State] = deque()

        def come(state: State, how: tuple[State, str] | Begin) -> None:
            if state not in self.came:
                self.came[state] = how
                self.depth[state] = 0 if isinstance(how, Begin) else self.depth[how[0]] + 1
                todo.append(state)

        for state, how in begin:
            come(state, how)
        while todo:
            here = todo.popleft()
            self.onward[here] = tuple(_ways(self.service, here, shut=self.is_shut(here)))
            for outcome, there in self.onward[here]:
                if there is not None:
                    come(there, (here, outcome))


def _ways(service: Service, state: State, *, shut: bool) -> Iterator[Way]:
    node = node_at(service, state.place)
    edges = node.edges() if node else {}
    if shut:
        edges = {CLOSED: edges[CLOSED]}
    enters = {outcome: to for outcome, to in edges.items() if to.startswith(target.CALL)}
    for outcome, to in (enters or edges).items():
        for there in _there(service, state, to):
            if there is None or node_at(service, there.place):
                yield Way(outcome, there)


def _there(service: Service, state: State, to: str) -> Iterable[State | None]:
    """Where the session goes for this target; a node that is missing is another rule's to tell."""
    place, frames = state
    if to == target.END or (to == target.RESCUE and place.node == service.flows[place.flow].rescue):
        return (None,)
    if to.startswith(target.RETURN):
        return _returned(service, state, to.removeprefix(target.RETURN))
    if to.startswith(target.CALL):
        if place in frames:  # a flow that calls itself; the session breaks it off too
            return [State(there, frames) for there in leads(service, place, target.RESCUE)]
        frames = (*frames, place)
    return [State(there, frames) for there in leads(service, place, to)]


def _returned(service: Service, state: State, word: str) -> Iterable[State | None]:
    place, frames = state
    if not frames:
        return [State(there) for there in leads(service, place, target.RESCUE)]
    caller = State(frames[-1], frames[:-1])
    node = node_at(service, caller.place)
    edges = node.edges() if node else {}
    return _there(service, caller, edges.get(word, edges.get("then", target.RESCUE)))
