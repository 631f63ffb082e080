"""The operator who spent the least of the last hour at calls: evens out the work where calls differ in length."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from routing.model import Needs
from routing.strategies import Candidate, strategy


@strategy("least-occupied", because="the least at calls in the last hour")
def least_occupied(candidates: Iterator[Candidate], needs: Needs, now: float, chance: Random) -> Candidate | None:
    """By the share of their time on duty; ringing and after-call work count. Of equal ones the longest idle."""
    return min(candidates, key=lambda each: round(each.occupied(now), 6), default=None)
