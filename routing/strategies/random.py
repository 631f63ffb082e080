"""By lot, each as likely as the others."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from routing.model import Needs
from routing.strategies import Candidate, strategy


@strategy("random", lot=True)
def random(candidates: Iterator[Candidate], needs: Needs, now: float, chance: Random) -> Candidate | None:
    """No lot is drawn for one alone."""
    found = list(candidates)
    if len(found) < 2:
        return found[0] if found else None
    return chance.choice(found)
