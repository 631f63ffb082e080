"""A need that any one of several skills meets: to the router one skill, named ``account:3 or technical:2``."""

from __future__ import annotations

from functools import cache

from routing.model import Needs, Skill

_OR = " or "


def any_of(needs: Needs) -> dict[Skill, int]:
    """That one of these needs is met, as a need of its own; nothing where there are none."""
    return {_OR.join(f"{skill}:{level}" for skill, level in sorted(needs.items())): 1} if needs else {}


@cache
def alternatives(skill: Skill) -> tuple[tuple[Skill, int], ...]:
    """The skills of which one will do, with their levels; none for a skill that stands for itself."""
    if ":" not in skill:
        return ()
    named = (each.rpartition(":") for each in skill.split(_OR))
    return tuple((name, int(level)) for name, _, level in named)


def level(skills: Needs, skill: Skill) -> int:
    """How high somebody of these skills is in this one: 0 for not at all."""
    own = skills.get(skill, 0)
    if own or ":" not in skill:
        return own
    return int(any(skills.get(other, 0) >= least for other, least in alternatives(skill)))


def proficiency(skills: Needs, skill: Skill) -> int:
    """As ``level``, but the highest of them where one of several will do."""
    others = alternatives(skill)
    return max(skills.get(other, 0) for other, _ in others) if others else skills.get(skill, 0)
