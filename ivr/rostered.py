"""How the roster (operators.yaml) and the database make one operator: docs/adr/0008. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from ivr.flow.problem import did_you_mean
from ivr.flow.roster import ROSTER, Roster
from ivr.flow.skills import SKILLS
from ivr.messages import Message
from ivr.tickets.operators import OperatorRecord, OperatorRefused
from routing.model import Operator

SPEAKS = "language."
"""Begins the skill of speaking a language."""

SERVES = "queue."
"""Begins the skill of serving a queue: to the router it is a skill like another."""


def rostered(record: OperatorRecord, roster: Roster) -> OperatorRecord:
    """The operator as they are: what the roster says of their skills goes before what the database does."""
    known = roster.get(record.id)
    return record if known is None else replace(record, skills=dict(known.skills))


def routed(record: OperatorRecord, roster: Roster, queues: Iterable[str]) -> Operator:
    """The operator as the router knows them, with a skill for each of the ``queues`` that they serve."""
    known = roster.get(record.id)
    served = {SERVES + queue: 1 for queue in queues if known is None or known.serves(queue)}
    return Operator(record.id, {**rostered(record, roster).skills, **served})


def kept_from(queues: Iterable[str], roster: Roster) -> frozenset[str]:
    """The queues that somebody on the roster does not serve: only there does it matter who does."""
    return frozenset(queue for queue in queues if not all(person.serves(queue) for person in roster.values()))


def refuse_skills(
    id: str, skills: Mapping[str, int] | None, roster: Roster, declared: Collection[str] | None = None
) -> None:
    """Raises OperatorRefused for skills that the roster says, and for those that no call can ask for.

    ``declared``: the skills of skills.yaml; None where every name is one.
    """
    if skills and id in roster:
        raise OperatorRefused(Message("on-roster", id=repr(id), file=ROSTER))
    if declared is None:
        return
    for skill in skills or ():
        if skill not in declared and not skill.startswith(SPEAKS):
            raise OperatorRefused(
                Message("skill-undeclared", skill=repr(skill), file=SKILLS, mend=did_you_mean(skill, declared))
            )


def advice(skills: Iterable[str], spoken: Collection[str]) -> list[Message]:
    """What is said to whoever gave these ``skills``: of each language that no line speaks."""
    languages = [skill.removeprefix(SPEAKS) for skill in skills if skill.startswith(SPEAKS)]
    return [
        Message("language-unspoken", language=repr(each), mend=did_you_mean(each, spoken))
        for each in languages
        if each not in spoken
    ]
