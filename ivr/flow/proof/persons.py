"""0 reaches a person from every menu and entry, and so does a flow's rescue: without another key pressed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from ivr.flow.problem import Problem
from ivr.flow.proof.subject import Subject
from ivr.flow.proof.times import Times, times
from ivr.flow.proof.ways import State, Step, Ways
from ivr.flow.service import Flow
from ivr.flow.target import RESCUE, Place
from ivr.messages import Message

FOR_A_PERSON = ("0", "operator")
"""Outcomes of the key 0: a menu's own, and what entries call it."""


def nought_reaches_a_person(subject: Subject) -> Iterator[Problem]:
    """Wherever 0 can be pressed an operator or a voice message follows; and every menu has a 0."""
    for flow in subject.service.flows.values():
        for name, node in flow.nodes.items():
            if node.kind == "menu" and "0" not in node.edges() and not getattr(node, "without_operator", False):
                reason, mend = Message("menu-without-0"), Message("add-0")
                yield flow.source.problem(("nodes", name, "keys"), reason, mend, key=True)
    told: set[Place] = set()
    for at in times(subject):
        known: dict[State | None, list[Step]] = {}
        for state in at.ways.states:
            for outcome, there in at.ways.onward[state]:
                if outcome not in FOR_A_PERSON or state.place in told:
                    continue
                if there not in known:
                    known[there] = _way_past(at.ways, there)
                if there is None or known[there]:
                    told.add(state.place)
                    yield _leads_to_nobody(subject, at, state, [Step(state, outcome), *known[there]])


def rescue_reaches_a_person(subject: Subject) -> Iterator[Problem]:
    """Where a call goes when anything fails there is a person, or a voice message."""
    told: set[str] = set()
    for at in times(subject):
        for state in at.ways.states:
            flow = subject.service.flows[state.place.flow]
            if state.place.node == flow.rescue and flow.name not in told and (lost := _way_past(at.ways, state)):
                told.add(flow.name)
                reason = at.told(Message("rescue-leads-to-nobody"), state)
                problem = flow.source.problem(("rescue",), reason, at.mend(Message("name-a-queue")))
                yield replace(problem, call=at.call(subject, state, lost))


def rescue_leads_on(subject: Subject) -> Iterator[Problem]:
    """The rescue's own node says where each outcome leads: what is left to the rescue there would end the call."""
    for flow in subject.service.flows.values():
        node = flow.nodes.get(flow.rescue)
        left = [outcome for outcome, to in node.edges().items() if to == RESCUE] if node else []
        for key in dict.fromkeys(node.places().get(outcome, (outcome,))[-1] for outcome in left) if node else ():
            reason, mend = Message("rescue-leads-to-itself", key=key), Message("add-key-to-message", key=key)
            yield flow.source.problem(("nodes", flow.rescue), reason, mend, key=True)


def _leads_to_nobody(subject: Subject, at: Times, state: State, steps: list[Step]) -> Problem:
    flow: Flow = subject.service.flows[state.place.flow]
    node = flow.nodes[state.place.node]
    path = node.places().get(steps[0].outcome, (steps[0].outcome,))
    reason, mend = at.told(Message("0-leads-to-nobody"), state), at.mend(Message("lead-0-to-somebody"))
    problem = flow.source.problem(("nodes", state.place.node, *path), reason, mend)
    return replace(problem, call=at.call(subject, state, steps))


def _way_past(ways: Ways, start: State | None) -> list[Step]:
    """The shortest way of somebody who presses nothing from ``start`` to the end, past every person; [] if none."""
    came: dict[State, Step | None] = {start: None} if start else {}
    todo = deque(came)
    while todo:
        here = todo.popleft()
        node = ways.node(here)
        silent = () if node.waits and not ways.is_shut(here) else set(node.silent())
        for outcome, there in ways.onward[here]:
            if outcome in silent and there is None:
                return _traced(came, Step(here, outcome))
            if outcome in silent and there is not None and there not in came:
                came[there] = Step(here, outcome)
                todo.append(there)
    return []


def _traced(came: dict[State, Step | None], last: Step) -> list[Step]:
    way: list[Step] = []
    step: Step | None = last
    while step is not None:
        way.append(step)
        step = came[step.state]
    return way[::-1]
