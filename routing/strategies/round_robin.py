"""One after the other: the operator to whom an offer was made longest ago, whatever became of it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from routing.model import Needs
from routing.strategies import Candidate, strategy


@strategy("round-robin")
def round_robin(candidates: Iterator[Candidate], needs: Needs, now: float, chance: Random) -> Candidate | None:
    """Those never offered a call come first, the longest idle of them."""
    return min(candidates, key=lambda each: each.turn, default=None)
