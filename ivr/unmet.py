"""Demands that nobody on the roster can meet, in words."""

from __future__ import annotations

from ivr.messages import Message
from routing.demand import Lack, Unmet


def told(found: Unmet) -> Message:
    """Why nobody can meet it."""
    match found.lack:
        case Lack.OPERATORS:
            return Message("unmet-operators")
        case Lack.SKILL:
            return Message("unmet-skill", skill=found.skill)
        case Lack.LEVEL:
            return Message("unmet-level", skill=found.skill, level=found.level, best=found.best)
    return Message("unmet-together", needs=found.skill)
