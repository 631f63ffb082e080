"""What contacts need, and who can meet it."""

from __future__ import annotations

from collections.abc import Iterable

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


def unmet(needs: Needs, roster: Iterable[Operator]) -> str | None:
    """Why nobody of these operators, whatever their state, could meet ``needs``; None when somebody can."""
    operators = list(roster)
    if any(meets(operator.skills, needs) for operator in operators):
        return None
    if not operators:
        return "there are no operators"
    for skill, level in needs.items():
        best = max(reached(operator.skills, skill) for operator in operators)
        if best == 0 < level:
            return f"no operator has the skill {skill}"
        if best < level:
            return f"no operator has {skill} at {level}; the best has {best}"
    return f"each skill is there, but no one operator has all of {spoken(needs)}"
