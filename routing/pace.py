"""What has been learnt of a queue: how long a call keeps an operator, how soon callers hang up, how long phones ring."""

from __future__ import annotations

from dataclasses import dataclass, field

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
        """Hang-ups a second and waiting caller: those who left for all the time waited (for exponential patience the most
        likely value, and a good one for others: Mandelbaum and Zeltyn 2007)."""
        return self.lost.value / self.waiting.value if self.waiting.value > 0 else 0.0
