"""The operator who spent the least of the last hour at calls: evens out the work where calls differ in length."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from routing.model import Needs
from routing.strategies import Candidate, strategy


@strategy("least-occupied", weighs_work=True)
def least_occupied(candidates: Iterator[Candidate], needs: Needs, now: float, chance: Random) -> Candidate | None:
    """By the share of their time on duty; ringing and after-call work count, and offers refused as if they were taken.

    Of those who are equal to a percent who worked least today, then the longest idle.
    """
    loads = [(round(each.load.occupied(now), 2), each) for each in candidates]
    least = min((load for load, _ in loads), default=0.0)
    equal = (each for load, each in loads if load == least)
    return min(equal, key=lambda each: round(each.load.today(now), 3), default=None)
