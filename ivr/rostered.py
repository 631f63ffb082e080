"""How the roster (operators.yaml) and the database make one operator: docs/adr/0008. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ivr.flow.roster import ROSTER, Roster
from ivr.tickets.operators import OperatorRecord, OperatorRefused
from routing.model import Operator

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


def refuse_skills(id: str, skills: Mapping[str, int] | None, roster: Roster) -> None:
    """Raises OperatorRefused for skills that are given to somebody whose skills the roster says."""
    if skills and id in roster:
        raise OperatorRefused(
            f"{id!r} is on the roster, and {ROSTER} says what they know: change it there, and give no skills or "
            "languages here"
        )
