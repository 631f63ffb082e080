"""What came of the calls and of the operators' time, counted by stream and period."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from routing.model import OperatorState

SERVING = frozenset({OperatorState.OFFERED, OperatorState.TALKING, OperatorState.AFTER_CALL})
"""States in which an operator is at work on a call: their share of the time on duty is the occupancy."""

OFF = frozenset({OperatorState.OFFLINE, OperatorState.NOT_READY})


@dataclass(slots=True)
class Count:
    """One stream's calls. ``waits`` (s) are those of all who came into the queue, whether answered or not."""

    came: int = 0
    blocked: int = 0
    turned_away: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    timed_out: int = 0
    unserved: int = 0
    waits: array[float] = field(default_factory=lambda: array("d"))


@dataclass(slots=True)
class Duty:
    """One operator's seconds."""

    on: float = 0.0
    serving: float = 0.0


@dataclass(slots=True)
class Period:
    """A replication, or a batch of one long run."""

    streams: list[Count]
    operators: dict[str, Duty]


class Tally:
    """Counts into so many periods of equal length from ``start`` to ``end`` (s); nothing outside of them."""

    def __init__(self, streams: int, operators: Iterable[str], start: float, end: float, periods: int) -> None:
        names = list(operators)
        self.periods = [
            Period([Count() for _ in range(streams)], {name: Duty() for name in names}) for _ in range(periods)
        ]
        self._start, self._size = start, (end - start) / periods
        self._states: dict[str, tuple[OperatorState, float]] = {}

    def count(self, stream: int, came: float) -> Count:
        """Where a call of this stream, which came at ``came``, is counted."""
        index = int((came - self._start) / self._size)
        if came < self._start or index >= len(self.periods):
            return Count()
        return self.periods[index].streams[stream]

    def operator(self, name: str, state: OperatorState, at: float) -> None:
        """The operator is in this state from now on."""
        before = self._states.get(name)
        if before is not None and before[0] not in OFF:
            self._add(name, before[0] in SERVING, before[1], at)
        self._states[name] = (state, at)

    def close(self, at: float) -> None:
        """Nothing comes after ``at``."""
        for name, (state, _) in list(self._states.items()):
            self.operator(name, state, at)

    def _add(self, name: str, serving: bool, start: float, end: float) -> None:
        for index, period in enumerate(self.periods):
            low = self._start + index * self._size
            seconds = min(end, low + self._size) - max(start, low)
            if seconds > 0:
                duty = period.operators[name]
                duty.on += seconds
                duty.serving += seconds if serving else 0.0


def pooled(counts: Sequence[Count]) -> Count:
    """Several streams as one."""
    whole = Count()
    for count in counts:
        for name in ("came", "blocked", "turned_away", "answered", "in_time", "abandoned", "timed_out", "unserved"):
            setattr(whole, name, getattr(whole, name) + getattr(count, name))
        whole.waits.extend(count.waits)
    return whole
