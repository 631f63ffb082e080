"""Lengths of time that are drawn: conversations, patience."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Protocol


class Draw(Protocol):
    """A distribution of seconds."""

    def draw(self, chance: Random) -> float:
        """The next one (s)."""
        ...


@dataclass(frozen=True, slots=True)
class Exponential:
    """No memory: however long it has lasted, as long again is to come. ``mean`` in seconds."""

    mean: float

    def draw(self, chance: Random) -> float:
        """As Draw."""
        return chance.expovariate(1.0 / self.mean)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """As conversations last (Brown et al. 2005, section 4.2). ``mean``, ``deviation``: of the seconds themselves."""

    mean: float
    deviation: float

    def draw(self, chance: Random) -> float:
        """As Draw."""
        variance = math.log1p((self.deviation / self.mean) ** 2)
        return chance.lognormvariate(math.log(self.mean) - variance / 2, math.sqrt(variance))


@dataclass(frozen=True, slots=True)
class Empirical:
    """One of the values that were measured, each as likely."""

    values: tuple[float, ...]

    def draw(self, chance: Random) -> float:
        """As Draw."""
        return chance.choice(self.values)


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same; ``math.inf`` for callers who wait for ever."""

    seconds: float

    def draw(self, chance: Random) -> float:
        """As Draw."""
        return self.seconds


FOR_EVER = Constant(math.inf)
"""The patience of one who never hangs up."""
