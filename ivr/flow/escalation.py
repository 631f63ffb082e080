"""Who hears of requests that are overdue: the rules of sections.yaml, from the first to the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field, WithJsonSchema

from ivr.flow.loader import Source
from ivr.flow.model import Form
from ivr.flow.problem import Problem
from ivr.flow.term import Term, read_term
from ivr.messages import Message, Unfit

Level = Literal["senior", "head-of-group", "profile-department"]

LEVELS: tuple[str, ...] = get_args(Level)
"""To whom a ticket is handed up, in this order (the hotline's principles, 8)."""

_TERM = {"type": "string", "pattern": r"^\d{1,3}\s*(h|working days?)$"}
_HOURS_OF_A_DAY = 24


class RuleForm(Form):
    """What happens to a request that is overdue for so long."""

    after: Annotated[str, WithJsonSchema(_TERM)] | None = Field(
        None, description="how long it is overdue: 4h, or 2 working days; by default as soon as it is"
    )
    to: Level = Field(description="to whom it is handed up; a rule further down names a higher level")
    priority: int = Field(1, ge=0, le=9, description="by how much its priority rises; 9 is the highest")


@dataclass(frozen=True, slots=True)
class Rule:
    """Overdue for ``after`` (None: at all), a request goes up to ``to`` and its priority rises by ``priority``."""

    name: str
    to: str
    after: Term | None = None
    priority: int = 1

    def __str__(self) -> str:
        return f"{self.after or '0h'} → {self.to}, +{self.priority}"


def rules(forms: Mapping[str, RuleForm], source: Source) -> tuple[tuple[Rule, ...], list[Problem]]:
    """The rules in the file's order, and what of them makes no sense."""
    made: list[Rule] = []
    problems: list[Problem] = []
    for name, form in forms.items():
        path = ("escalation", name)
        try:
            rule = Rule(name, form.to, None if form.after is None else read_term(form.after), form.priority)
        except Unfit as error:
            problems.append(source.problem((*path, "after"), error.reason, error.mend))
            continue
        if made:
            problems += _disorder(made[-1], rule, path, source)
        made.append(rule)
    return tuple(made), problems


def _disorder(before: Rule, rule: Rule, path: tuple[str, ...], source: Source) -> list[Problem]:
    """Nobody is handed what somebody above them has already, nor the second one before the first."""
    found = []
    if LEVELS.index(rule.to) <= LEVELS.index(before.to):
        reason = Message("escalation-not-up", before=before.name, level=before.to)
        higher = LEVELS[LEVELS.index(before.to) + 1 :]
        mend = Message("escalation-write-higher", levels=higher) if higher else Message("escalation-leave-out")
        found.append(source.problem((*path, "to"), reason, mend))
    if not _later(before.after, rule.after):
        reason = Message("escalation-not-later", before=before.name, after=str(before.after))
        where = path if rule.after is None else (*path, "after")
        found.append(source.problem(where, reason, Message("escalation-write-later"), key=rule.after is None))
    return found


def _later(before: Term | None, after: Term | None) -> bool:
    """Whether it is so whatever the calendar: a working day is no shorter than a day, and may be eleven."""
    if before is None:
        return after is not None
    if after is None or (before.in_days and not after.in_days):
        return False
    return (after.amount * _HOURS_OF_A_DAY if after.in_days != before.in_days else after.amount) > before.amount
