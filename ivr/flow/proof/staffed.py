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

_SPEAKS = f"{LANGUAGE}."

MOST_CALLS = 20
"""So many gaps are shown with a call; a roster that lacks more is empty."""


def somebody_can_take_every_call(subject: Subject) -> Iterator[Problem]:
    """Every demand, after every relaxation, is met by somebody who is on duty; or there is no roster, which is told."""
    roster = subject.service.roster
    if roster is None:
        reason = "there is no roster, so that nobody can say whether somebody is there for every call"
        yield Problem(ROSTER, 1, 1, "", reason, "write it when you know who works when: docs/admin.md", "warning")
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
    return known is None or all(skill in known or skill.startswith(_SPEAKS) for skill in gap.demand.needs)


def _gap(subject: Subject, gap: Unmet, roster: Mapping[str, Rostered], *, shown: bool) -> Problem:
    demand, place = gap.demand, gap.demand.place
    source = subject.service.flows[place.flow].source
    needed, when = spoken(demand.needs), moment(gap.begin.line, gap.at)
    where = "" if gap.queue == demand.queues[0] else f", in the queue {gap.queue!r} that it overflows to"
    reason = f"nobody on the roster can take this call on {when}{where}: at the last it needs {needed}"
    mend = f"{_nearest(gap, roster)}; add to {ROSTER} who can, or let the queue need less"
    node = subject.service.flows[place.flow].nodes[place.node]
    problem = source.problem(("nodes", place.node, node.kind), reason, mend)
    return replace(problem, call=_call(subject, gap)) if shown else problem


def _call(subject: Subject, gap: Unmet) -> str:
    """The shortest call that begins so and comes to the queue."""
    ways = Ways(subject.service, [gap.begin])
    state = next((state for state in ways.states if state.place == gap.demand.place), None)
    if state is None:
        return ""
    begin, steps = ways.call_to(state)
    return call_told(subject, begin, [*steps, Step(state, "timeout")], gap.demand.language, gap.at)


def _nearest(gap: Unmet, roster: Mapping[str, Rostered]) -> str:
    """Who comes nearest, and why not."""
    if not roster:
        return "there is nobody on it"
    faults = {person.name: list(_faults(gap, person)) for person in roster.values()}
    name = min(faults, key=lambda name: (len(faults[name]), name))
    return f"nearest comes {name}, who {' and '.join(faults[name])}"


def _faults(gap: Unmet, person: Rostered) -> Iterator[str]:
    for skill in person.lacks(gap.demand.needs):
        if skill.startswith(_SPEAKS):
            yield f"does not speak {skill.removeprefix(_SPEAKS)}"
        else:
            yield f"has {skill} {person.skills[skill]}" if skill in person.skills else f"does not have {skill}"
    if not person.serves(gap.queue):
        yield f"does not serve the queue {gap.queue!r}"
    if not person.on_shift(gap.at):
        yield f"does not work then (shifts: {', '.join(person.shifts)})"


def spoken(needs: Mapping[str, int]) -> str:
    """``technical 2 and the language tt``; ``nothing``, where anybody will do."""
    words = [
        f"the language {skill.removeprefix(_SPEAKS)}" if skill.startswith(_SPEAKS) else f"{skill} {level}"
        for skill, level in needs.items()
    ]
    return " and ".join(words) or "nothing"
