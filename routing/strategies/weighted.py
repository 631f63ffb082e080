"""By lot, the better skilled more often: all of them stay in practice, and most calls go to who knows most."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from routing.model import Needs
from routing.strategies import Candidate, proficiency, strategy


@strategy("weighted", lot=True)
def weighted(candidates: Iterator[Candidate], needs: Needs, now: float, chance: Random) -> Candidate | None:
    """Each as likely as the sum of their levels in the skills asked for; all alike where none is asked for."""
    found = list(candidates)
    if len(found) < 2:
        return found[0] if found else None
    return chance.choices(found, [proficiency(each.operator, needs) or 1 for each in found])[0]
