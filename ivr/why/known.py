"""The names that a supposition may use: those of the decisions themselves, and of the operators that there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.rostered import SERVES, SPEAKS
from routing.alternatives import alternatives
from routing.explain.snapshot import Snapshot
from routing.model import Operator


@dataclass(frozen=True, slots=True)
class Known:
    """Names by kind."""

    operators: frozenset[str]
    skills: frozenset[str]
    languages: frozenset[str]
    queues: frozenset[str]


def known(seen: Iterable[Snapshot], roster: Mapping[str, Operator]) -> Known:
    """What these decisions and these operators name."""
    operators, skills, queues = set(roster), set[str](), set[str]()
    for operator in roster.values():
        skills |= operator.skills.keys()
    for snapshot in seen:
        operators |= {each.operator.id for each in snapshot.operators}
        skills |= {skill for each in snapshot.operators for skill in each.operator.skills}
        contact = snapshot.contact.contact
        for needs in (contact.needs, contact.prefer, *(step for _, step in contact.relax)):
            skills |= {other for skill in needs for other in (name for name, _ in alternatives(skill))} | needs.keys()
        queues |= {queue.name for queue in snapshot.queues}
    return Known(
        frozenset(operators),
        frozenset(skill for skill in skills if "." not in skill and ":" not in skill),
        frozenset(skill.removeprefix(SPEAKS) for skill in skills if skill.startswith(SPEAKS)),
        frozenset(queues | {skill.removeprefix(SERVES) for skill in skills if skill.startswith(SERVES)}),
    )
