"""What was learnt of a queue: how long a call keeps an operator, how soon callers hang up, how long phones ring."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routing.roster import OperatorRecord

LEAST = 5
"""Values from which a mean is taken."""

MEMORY = 2000
"""Values that a mean remembers: enough for its chance to matter little, few enough to follow the day."""


@dataclass(slots=True)
class Mean:
    """A mean that forgets: the newest value weighs 1/MEMORY, once there are so many."""

    value: float = 0.0
    number: int = 0

    def add(self, value: float) -> None:
        """One more."""
        self.number = min(MEMORY, self.number + 1)
        self.value += (value - self.value) / self.number


@dataclass(slots=True)
class Pace:
    """One queue's, or all queues'. Seconds."""

    handling: Mean = field(default_factory=Mean)
    """From the offer until the operator is free again, of calls that were answered."""
    ringing: Mean = field(default_factory=Mean)
    waiting: Mean = field(default_factory=Mean)
    """Of each who waited: how long."""
    lost: Mean = field(default_factory=Mean)
    """Of each who waited: 1 if they hung up, else 0."""

    def waited(self, seconds: float, *, hung_up: bool) -> None:
        """Somebody waits no longer."""
        self.waiting.add(seconds)
        self.lost.add(1.0 if hung_up else 0.0)

    @property
    def leaving(self) -> float:
        """Hang-ups a second and waiting caller: those who left for all the time waited.

        For exponential patience the most likely value, and a good one for others (Mandelbaum and Zeltyn 2007).
        """
        return self.lost.value / self.waiting.value if self.waiting.value > 0 else 0.0


class Paces:
    """Every queue's, and that of all together, which stands in for a queue of which little is known."""

    def __init__(self) -> None:
        self.all = Pace()
        self._of: defaultdict[str, Pace] = defaultdict(Pace)

    def of(self, queue: str) -> Pace:
        """The queue's own."""
        return self._of[queue]

    def both(self, queue: str) -> tuple[Pace, Pace]:
        """What something that happened in this queue tells of."""
        return self._of[queue], self.all

    @property
    def known(self) -> bool:
        """Whether enough was seen for a forecast."""
        return self.all.handling.number >= LEAST

    def rate(self, operator: OperatorRecord) -> float:
        """How many calls a second the operator serves, such as the present one."""
        pace = self._of.get(operator.lease.offer.queue) if operator.lease is not None else None
        handling = pace.handling if pace is not None and pace.handling.number >= LEAST else self.all.handling
        return 1.0 / max(1.0, handling.value)
