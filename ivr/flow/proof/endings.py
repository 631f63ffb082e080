"""Nobody walks for ever, and every state is near a person: the theorems of ``ivr.flow.proof``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ivr.channel import QueueResult
from ivr.flow import target
from ivr.flow.graph import circles
from ivr.flow.model import Node
from ivr.flow.problem import Problem
from ivr.flow.proof.components import components
from ivr.flow.proof.subject import Subject
from ivr.flow.proof.times import times
from ivr.flow.proof.told import path_to, shortest_call
from ivr.flow.proof.ways import State, Step, Ways
from ivr.flow.target import Place
from ivr.messages import Message


def everyone_is_led_out(subject: Subject) -> Iterator[Problem]:
    """No circle can be walked by silence alone, none by wrong entries alone, none without ever being asked."""
    told: set[frozenset[State]] = set()
    walks = ((_silent, "silence-goes-round"), (_erring, "errors-go-round"), (_unasked, "talks-go-round"))
    for outcomes, reason in walks:
        for circle in circles(subject.ways.states, _by(subject.ways, outcomes)):
            if frozenset(circle) not in told:
                told.add(frozenset(circle))
                yield _round(subject, circle, outcomes, reason)


def _silent(node: Node) -> Iterable[str]:
    return node.silent()


def _erring(node: Node) -> Iterable[str]:
    return node.erring()


def _unasked(node: Node) -> Iterable[str]:
    """All ways on from a node in which the caller has no say: from one conversation to the next, without an end."""
    ways = node.edges()
    return ways if ways.keys() <= {*node.silent(), QueueResult.ANSWERED.value} else ()


def _by(ways: Ways, outcomes: Callable[[Node], Iterable[str]]) -> Callable[[State], list[State]]:
    def onward(state: State) -> list[State]:
        taken = set(outcomes(ways.node(state)))
        return [there for outcome, there in ways.onward[state] if there is not None and outcome in taken]

    return onward


def _round(subject: Subject, circle: list[State], outcomes: Callable[[Node], Iterable[str]], key: str) -> Problem:
    start = circle.index(min(circle, key=lambda state: (subject.ways.depth[state], state)))
    circle = circle[start:] + circle[:start]
    steps = []
    for here, there in zip(circle, [*circle[1:], circle[0]], strict=True):
        taken = set(outcomes(subject.ways.node(here)))
        steps.append(Step(here, next(way.outcome for way in subject.ways.to(here, there) if way.outcome in taken)))
    first = circle[0].place
    way = path_to(state.place for state in (*circle, circle[0]))
    source = subject.service.flows[first.flow].source
    problem = source.problem(("nodes", first.node), Message(key, way=way), Message("lead-out"), key=True)
    return replace(problem, call=Message("call-for-ever", call=shortest_call(subject, circle[0], steps)))


def sub_flows_return(subject: Subject) -> Iterator[Problem]:
    """No sub-flow comes again to the node that called it before it has returned: such calls would pile up."""
    told: set[Place] = set()
    for state in subject.ways.states:
        place = state.place
        if place in state.frames and place not in told and subject.ways.calls(state):
            told.add(place)
            source = subject.service.flows[place.flow].source
            reason, mend = Message("sub-flow-calls-itself"), Message("return-first")
            problem = source.problem(("nodes", place.node), reason, mend, key=True)
            yield replace(problem, call=shortest_call(subject, state))


def returns_have_a_caller(subject: Subject) -> Iterator[Problem]:
    """Who returns was called: elsewhere a ``return`` ends at the flow's rescue."""
    service = subject.service
    called = {
        to.removeprefix(target.CALL)
        for flow in service.flows.values()
        for node in flow.nodes.values()
        for to in node.edges().values()
        if to.startswith(target.CALL)
    }
    told: set[Place] = set()
    for state in subject.ways.states:
        place, node = state.place, subject.ways.node(state)
        returns = any(to.startswith(target.RETURN) for to in node.edges().values())
        if returns and place.flow not in called and place not in told:
            told.add(place)
            reason, mend = Message("return-to-nobody"), Message("call-or-lead-on", flow=place.flow)
            source = service.flows[place.flow].source
            problem = source.problem(("nodes", place.node), reason, mend, key=True)
            yield replace(problem, call=shortest_call(subject, state))


def people_are_near(subject: Subject) -> Iterator[Problem]:
    """From every state a person, a message or the end comes within the flow's ``steps``, whatever is keyed."""
    told: set[str] = set()
    for at in times(subject):
        lengths = _Lengths(at.ways)
        for state in at.ways.states:
            flow = subject.service.flows[state.place.flow]
            if lengths.longest[state] > flow.steps and flow.name not in told:
                told.add(flow.name)
                steps = list(lengths.way(state, flow.steps))
                reason = at.told(Message("nobody-is-near", steps=flow.steps), state)
                mend = Message("shorten-way", steps=lengths.longest[state])
                problem = flow.source.problem(("nodes", state.place.node), reason, mend, key=True)
                yield replace(problem, call=at.call(subject, state, steps))


@dataclass
class _Lengths:
    """``longest``: nodes on the longest way from each state that goes nowhere round, up to a person or the end."""

    ways: Ways

    def __post_init__(self) -> None:
        self.longest: dict[State, int] = {}
        self._component: dict[State, int] = {}
        for number, component in enumerate(components(self.ways.states, self._onward)):
            self._component |= dict.fromkeys(component, number)
            for state in sorted(component, key=self.ways.depth.__getitem__, reverse=True):
                self.longest[state] = 1 + max((self.longest[there] for there in self._forward(state)), default=0)

    def way(self, state: State, nodes: int) -> Iterator[Step]:
        """The first so many nodes of the longest way."""
        for _ in range(nodes):
            there = max(self._forward(state), key=self.longest.__getitem__)
            yield Step(state, self.ways.to(state, there)[0].outcome)
            state = there

    def _onward(self, state: State) -> list[State]:
        if self.ways.node(state).waits and not self.ways.is_shut(state):
            return []
        return [there for _, there in self.ways.onward[state] if there is not None]

    def _forward(self, state: State) -> list[State]:
        """Where it leads but round: out of its component, or farther from the start."""
        own, depth = self._component, self.ways.depth
        return [there for there in self._onward(state) if own[there] != own[state] or depth[there] > depth[state]]
