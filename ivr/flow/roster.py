"""operators.yaml: who takes calls, what they know and when they work. Nothing personal stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from ivr.flow.loader import Path, Source
from ivr.flow.model import Form, LanguageCode, Name
from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.zoned import Zoned, Zones
from ivr.messages import Message, Unfit
from routing.alternatives import level as reached

ROSTER = "operators.yaml"
"""Its name in the configuration's folder; it may be missing."""

SPEAKS = 5
"""The level of a language that somebody speaks."""

Level = Annotated[int, Field(ge=1, le=5)]


def _not_ours(id: str) -> str:
    if id.startswith("kommutator"):
        raise Unfit(Message("operator-id-ours"), Message("choose-another"))
    return id


OperatorId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$"), AfterValidator(_not_ours)]


class ShiftForm(Form):
    """A shift: when those who have it work."""

    time_zone: str = Field(description="of the IANA data base, say Europe/Moscow")
    hours: str | dict[str, str] = Field(description="as a line's: {mon-fri: 08:00-20:00, holidays: closed}")


class OperatorForm(Form):
    """An operator."""

    skills: dict[Name, Level] = Field(default_factory=dict, description="skill -> level 1 to 5")
    languages: list[LanguageCode] = Field(min_length=1, description="the languages spoken")
    queues: list[Name] | None = Field(None, description="the queues served; by default all that the skills suit")
    shifts: list[Name] = Field(default_factory=list, description="when they work; by default always")


class RosterForm(Form):
    """operators.yaml."""

    shifts: dict[Name, ShiftForm] = Field(default_factory=dict, description="name -> shift")
    operators: dict[OperatorId, OperatorForm] = Field(description="the id that the operator's phone has -> operator")


@dataclass(frozen=True, slots=True)
class Rostered:
    """An operator as the roster has them. ``skills``: levels, a language as ``language.ru``.

    ``queues``: None is all. ``shifts``: by name; none is always.
    """

    name: str
    skills: Mapping[str, int]
    queues: frozenset[str] | None = None
    shifts: Mapping[str, Zoned] = field(default_factory=dict)

    def meets(self, needs: Mapping[str, int]) -> bool:
        """Whether every skill is at least as high as needed."""
        return not self.lacks(needs)

    def lacks(self, needs: Mapping[str, int]) -> list[str]:
        """The skills that are not as high as needed."""
        return [skill for skill, level in needs.items() if reached(self.skills, skill) < level]

    def serves(self, queue: str) -> bool:
        """Whether the operator takes calls of the queue."""
        return self.queues is None or queue in self.queues

    def on_shift(self, at: float) -> bool:
        """Whether the operator works ``at`` (seconds since 1970)."""
        return not self.shifts or any(shift.on(at) for shift in self.shifts.values())


Roster = Mapping[str, Rostered]
"""Every operator of operators.yaml by id."""


def roster(form: RosterForm, source: Source) -> tuple[Roster, list[Problem]]:
    """What the file says, and what of it makes no sense in itself."""
    zones = Zones(source)
    shifts = {name: zones.read(each.hours, each.time_zone, ("shifts", name)) for name, each in form.shifts.items()}
    problems = zones.problems
    found = {}
    for id, each in form.operators.items():
        path: Path = ("operators", id)
        for index, name in enumerate(each.shifts):
            if name not in shifts:
                mend = did_you_mean(name, shifts) if shifts else Message("declare-shift")
                problems.append(source.problem((*path, "shifts", index), Message("no-such-shift"), mend))
        spoken = {f"language.{language}": SPEAKS for language in each.languages}
        queues = None if each.queues is None else frozenset(each.queues)
        works = {name: shifts[name] for name in each.shifts if name in shifts}
        found[id] = Rostered(id, {**each.skills, **spoken}, queues, works)
    return found, problems
