"""What contacts need, and who can meet it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from routing.alternatives import alternatives
from routing.alternatives import level as reached
from routing.model import Needs, Operator


def meets(skills: Needs, needs: Needs) -> bool:
    """Whether every need's level is reached. A need of level 0 asks for nothing."""
    return all(reached(skills, skill) >= level for skill, level in needs.items())


def lacking(skills: Needs, needs: Needs) -> str:
    """The first need that is not met, as ``technical:2``; "" when all are."""
    return next((written(skill, level) for skill, level in needs.items() if reached(skills, skill) < level), "")


def written(skill: str, level: int) -> str:
    """``technical:2``, or ``(account:3 or technical:2)``."""
    return f"({skill})" if alternatives(skill) else f"{skill}:{level}"


def spoken(needs: Needs) -> str:
    """``technical:2 language.ru:1``, or ``anybody``."""
    return " ".join(written(skill, level) for skill, level in needs.items()) or "anybody"


class Lack(StrEnum):
    """Why nobody can meet a demand."""

    OPERATORS = "operators"  # there are none
    SKILL = "skill"  # nobody has it
    LEVEL = "level"  # nobody has it so high
    TOGETHER = "together"  # nobody has all of it


class Unmet(str):
    """Why nobody can meet a demand, in English, and in parts for whoever tells it in another language."""

    __slots__ = ("best", "lack", "level", "skill")
    lack: Lack
    skill: str
    level: int
    best: int

    def __new__(cls, words: str, lack: Lack, skill: str = "", level: int = 0, best: int = 0) -> Unmet:
        """``skill``: the one that is lacking, or all that is needed; ``best``: the highest level that anybody has."""
        self = super().__new__(cls, words)
        self.lack, self.skill, self.level, self.best = lack, skill, level, best
        return self


def unmet(needs: Needs, roster: Iterable[Operator]) -> Unmet | None:
    """Why nobody of these operators, whatever their state, could meet ``needs``; None when somebody can."""
    operators = list(roster)
    if any(meets(operator.skills, needs) for operator in operators):
        return None
    if not operators:
        return Unmet("there are no operators", Lack.OPERATORS)
    for skill, level in needs.items():
        best = max(reached(operator.skills, skill) for operator in operators)
        if best == 0 < level:
            return Unmet(f"no operator has the skill {skill}", Lack.SKILL, skill)
        if best < level:
            words = f"no operator has {skill} at {level}; the best has {best}"
            return Unmet(words, Lack.LEVEL, skill, level, best)
    together = spoken(needs)
    return Unmet(f"each skill is there, but no one operator has all of {together}", Lack.TOGETHER, together)
