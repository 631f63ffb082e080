"""Who can do what, as bit masks: an operator is a bit, so "who has all of these" is a few ANDs of integers."""

from __future__ import annotations

from routing.alternatives import alternatives
from routing.model import Needs


class Skills:
    """The operators on the roster by skill and level. ``version`` changes whenever any of them does."""

    __slots__ = ("_everybody", "_free", "_has", "_next", "version")

    def __init__(self) -> None:
        self._has: dict[tuple[str, int], int] = {}
        self._everybody = 0
        self._free: list[int] = []
        self._next = 0
        self.version = 0

    def enrol(self, skills: Needs) -> int:
        """One more operator: their bit."""
        if self._free:
            place = self._free.pop()
        else:
            place = self._next
            self._next += 1
        bit = 1 << place
        self._mark(skills, bit)
        return bit

    def dismiss(self, skills: Needs, bit: int) -> None:
        """The operator of this bit is gone; the bit may be another's now."""
        self._mark(skills, bit)
        self._free.append(bit.bit_length() - 1)

    def _mark(self, skills: Needs, bit: int) -> None:
        self._everybody ^= bit
        for skill, level in skills.items():
            for reached in range(1, level + 1):
                self._has[skill, reached] = self._has.get((skill, reached), 0) ^ bit
        self.version += 1

    def having(self, skill: str) -> int:
        """The bits of those who have this skill, at whatever level."""
        return self._has.get((skill, 1), 0)

    def able(self, needs: Needs) -> int:
        """The bits of those who meet all these needs, whatever their state."""
        able = self._everybody
        for skill, level in needs.items():
            if level > 0:
                able &= self._reaching(skill, level)
        return able

    def _reaching(self, skill: str, level: int) -> int:
        found = self._has.get((skill, level), 0)
        for other, least in alternatives(skill):
            found |= self._has.get((other, least), 0)
        return found
