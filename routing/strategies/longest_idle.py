"""The operator who has been idle longest: the default, and the fairest when operators differ little."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from routing.model import Needs
from routing.strategies import Candidate, strategy


@strategy("longest-idle")
def longest_idle(candidates: Iterator[Candidate], needs: Needs, now: float, chance: Random) -> Candidate | None:
    """The first: candidates come in the order of their idleness."""
    return next(candidates, None)
