"""The operator who knows most of what is asked for: the best answer, though the best operators get the most calls."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from routing.model import Needs
from routing.strategies import Candidate, proficiency, strategy


@strategy("best-skilled")
def best_skilled(candidates: Iterator[Candidate], needs: Needs, now: float, chance: Random) -> Candidate | None:
    """By the sum of their levels in the skills asked for. Of equal ones the longest idle."""
    return max(candidates, key=lambda each: proficiency(each.operator, needs), default=None)
