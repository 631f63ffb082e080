"""Somebody on the roster can take every call that comes to wait: told with the call for which nobody can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ivr.flow.problem import Problem
from ivr.flow.proof.demands import Unmet, demands, unmet
from ivr.flow.proof.subject import Subject
from ivr.flow.proof.told import call_told, moment
from ivr.flow.proof.ways import Step, Ways
from ivr.flow.roster import ROSTER, Rostered
from ivr.flow.skill_checks import LANGUAGE
from ivr.messages import Message
from routing.alternatives import alternatives

_SPEAKS = f"{LANGUAGE}."

MOST_CALLS = 20
"""So many gaps are shown with a call; a roster that lacks more is empty."""


def somebody_can_take_every_call(subject: Subject) -> Iterator[Problem]:
    """Every demand, after every relaxation, is met by somebody who is on duty; or there is no roster, which is told."""
    roster = subject.service.roster
    if roster is None:
        yield Problem(ROSTER, 1, 1, "", Message("no-roster"), Message("write-roster"), "warning")
        return
    told: set[tuple[str, frozenset[tuple[str, int]]]] = set()
    opening = {name: queue.opening for name, queue in subject.service.queues.items()}
    for gap in unmet(demands(subject), roster.values(), opening, subject.at):
        key = (gap.queue, frozenset(gap.demand.needs.items()))
        if key not in told and _declared(subject, gap):
            told.add(key)
            yield _gap(subject, gap, roster, shown=len(told) <= MOST_CALLS)


def _declared(subject: Subject, gap: Unmet) -> bool:
    """Whether all its skills are; if not, that is told already."""
    known = subject.service.skills
    asked = [name for skill in gap.demand.needs for name, _ in alternatives(skill) or ((skill, 0),)]
    return known is None or all(skill in known or skill.startswith(_SPEAKS) for skill in asked)


def _gap(subject: Subject, gap: Unmet, roster: Mapping[str, Rostered], *, shown: bool) -> Problem:
    demand, place = gap.demand, gap.demand.place
    source = subject.service.flows[place.flow].source
    what = {"when": moment(gap.begin.line, gap.at), "needs": spoken(demand.needs)}
    over = gap.queue != demand.queues[0]
    reason = Message("nobody-can-take-over", queue=gap.queue, **what) if over else Message("nobody-can-take", **what)
    mend = Message("add-to-roster", nearest=_nearest(gap, roster), file=ROSTER)
    node = subject.service.flows[place.flow].nodes[place.node]
    problem = source.problem(("nodes", place.node, node.kind), reason, mend)
    return replace(problem, call=_call(subject, gap)) if shown else problem


def _call(subject: Subject, gap: Unmet) -> Message | str:
    """The shortest call that begins so and comes to the queue."""
    ways = Ways(subject.service, [gap.begin])
    state = next((state for state in ways.states if state.place == gap.demand.place), None)
    if state is None:
        return ""
    begin, steps = ways.call_to(state)
    outcome = "asked" if subject.ways.node(state).kind == "callback" else "timeout"
    return call_told(subject, begin, [*steps, Step(state, outcome)], gap.demand.language, gap.at)


def _nearest(gap: Unmet, roster: Mapping[str, Rostered]) -> Message:
    """Who comes nearest, and why not."""
    if not roster:
        return Message("roster-empty")
    faults = {person.name: list(_faults(gap, person)) for person in roster.values()}
    name = min(faults, key=lambda name: (len(faults[name]), name))
    return Message("nearest-comes", name=name, faults=tuple(faults[name]))


def _faults(gap: Unmet, person: Rostered) -> Iterator[Message]:
    for skill in person.lacks(gap.demand.needs):
        if skill.startswith(_SPEAKS):
            yield Message("does-not-speak", language=skill.removeprefix(_SPEAKS))
        elif skill in person.skills:
            yield Message("has-less", skill=skill, level=person.skills[skill])
        else:
            yield Message("does-not-have", skill=skill)
    if not person.serves(gap.queue):
        yield Message("does-not-serve", queue=gap.queue)
    if not person.on_shift(gap.at):
        yield Message("does-not-work-then", shifts=tuple(person.shifts))


def spoken(needs: Mapping[str, int]) -> Message:
    """``technical 2 and the language tt``; ``nothing``, where anybody will do."""
    words = tuple(_need(skill, level) for skill, level in needs.items())
    return Message("needs", needs=words) if words else Message("needs-nothing")


def _need(skill: str, level: int) -> str:
    if alternatives(skill):
        return Message("need-one-of", needs=tuple(f"{name} {least}" for name, least in alternatives(skill)))
    return Message("need-language", language=skill[len(_SPEAKS) :]) if skill.startswith(_SPEAKS) else f"{skill} {level}"
