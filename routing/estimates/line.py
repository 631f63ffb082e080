"""How a line empties: the callers ahead are taken in their order by whoever can take them, at the pace of each crew.

First come first served, nobody who comes later changes the wait of one who waits already; so the wait is decided by
who is ahead, who can take whom, and how fast operators come free. This plays that through once, each step as long as it
is on average. For one crew that is the queue-length estimate with abandonment, the sum of 1/(sμ + iθ) (Whitt 1999,
Management Science 45:192; Ibrahim and Whitt 2009, Operations Research 57:1106).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Crew:
    """Operators who can serve the same demands. ``mask``: their bits; ``rate``: how many come free a second."""

    mask: int
    rate: float


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait in seconds: its mean and variance, could chance be played again and again."""

    mean: float
    variance: float


Mine = Sequence[tuple[float, int]]
"""From so many seconds on, the bit of what I need; the first from 0."""

MOST_WORK = 40_000
"""Steps times crews: a longer line is played in strides."""


def play(ahead: Sequence[int], mine: Mine, crews: Sequence[Crew], leaving: float) -> Wait | None:
    """My wait behind ``ahead`` (the bit of each one's demand, in order); None when nobody can ever take me.

    ``leaving``: hang-ups a second and waiting caller.
    """
    if not any(crew.mask & bit and crew.rate > 0 for crew in crews for _, bit in mine):
        return None
    stride = 1 + len(ahead) * len(crews) // MOST_WORK
    return _Line(ahead[::stride], mine, crews, leaving, float(stride)).play()


class _Line:
    def __init__(self, ahead: Sequence[int], mine: Mine, crews: Sequence[Crew], leaving: float, size: float) -> None:
        heads: dict[int, deque[int]] = {}
        for place, bit in enumerate(ahead):
            heads.setdefault(bit, deque()).append(place)
        self._heads = list(heads.values())
        self._crews = [(crew, [places for bit, places in heads.items() if crew.mask & bit]) for crew in crews]
        self._credit = [0.0] * len(crews)
        self._gone = 0.0
        self._left = len(ahead)
        self._mine, self._leaving, self._size = mine, leaving, size

    def play(self) -> Wait | None:
        """Step by step until somebody takes me. Steps are the callers ahead, and one more."""
        mean = variance = 0.0
        taken = False
        while not taken:
            bit = next(bit for at, bit in reversed(self._mine) if at <= mean)
            at_work = [index for index, (crew, places) in enumerate(self._crews) if crew.mask & bit or any(places)]
            at_work = [index for index in at_work if self._crews[index][0].rate > 0]
            hang_up = self._leaving * self._left * self._size
            rate = sum(self._crews[index][0].rate for index in at_work) + hang_up
            if rate <= 0 or (not at_work and not self._left):  # until I need less, nobody can take me
                mean = min((at for at, _ in self._mine if at > mean), default=inf)
                if mean == inf:
                    return None
                continue
            step = (self._size if self._left else 1.0) / rate
            mean, variance = mean + step, variance + step / rate
            taken = self._step(at_work, hang_up / rate, rate)
        return Wait(mean, variance)

    def _step(self, at_work: Sequence[int], hang_up: float, rate: float) -> bool:
        """Whose turn it is takes the first that they can; whether that was me."""
        self._gone += hang_up
        for index in at_work:
            self._credit[index] += self._crews[index][0].rate / rate
        best = max(at_work, key=lambda index: self._credit[index], default=None)
        if self._left and (best is None or self._gone > self._credit[best]):
            self._gone -= 1
            max(self._heads, key=len).pop()
            self._left -= 1
            return False
        assert best is not None
        self._credit[best] -= 1
        first = min((places for places in self._crews[best][1] if places), key=lambda places: places[0], default=None)
        if first is None:
            return True
        first.popleft()
        self._left -= 1
        return False
