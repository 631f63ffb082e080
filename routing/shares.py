"""Places by target share: self-clocked fair queueing (Golestani 1994), a call being a packet of length one.

Each call of a queue of share s has a tag 1/s after that of the call before it, and the least tag is served first: so
answers are in proportion to the shares while calls wait, and a queue that had none for a while has nothing saved up.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from routing.model import Queue

Own = tuple[float, int]
"""A call's place in its queue: seconds, and its number."""

Placed = tuple[float, float, float, int]
"""The rank 0, the tag, and the place in its queue: a contact's order, for ``Shares.leave``."""


@dataclass(slots=True)
class _Line:
    """One queue's calls that are not answered yet, by their places. ``last``: the tag of the latest to come."""

    last: float
    step: float
    calls: list[tuple[float, int, float]] = field(default_factory=list)


class Shares:
    """The tags of all calls in queues that are served by shares. ``_clock``: the tag of the latest answered."""

    def __init__(self) -> None:
        self._clock = 0.0
        self._lines: dict[str, _Line] = {}

    def enter(self, queue: Queue, own: Own) -> Placed:
        """A call comes: behind all that came, or where a longer wait puts it."""
        line = self._lines.setdefault(queue.name, _Line(self._clock, 1.0))
        line.step = 1.0 / queue.share
        line.last = max(line.last, self._clock) + line.step
        return self._insert(line, own, line.last)

    def move(self, queue: str, placed: Placed, own: Own) -> Placed:
        """A call has another place in its queue: the tags of those around it bound its own."""
        line = self._lines[queue]
        self._remove(line, placed)
        return self._insert(line, own, placed[1])

    def leave(self, queue: str, placed: Placed, *, answered: bool) -> None:
        """A call waits no more; one that nobody answered has cost its queue nothing."""
        line = self._lines[queue]
        self._remove(line, placed)
        if answered:
            self._clock = max(self._clock, placed[1])
        else:
            line.last -= line.step

    def clear(self, queue: str) -> None:
        """The queue's calls are to be placed anew."""
        self._lines.pop(queue, None)

    def _insert(self, line: _Line, own: Own, tag: float) -> Placed:
        calls, place = line.calls, bisect_left(line.calls, own)
        if place > 0:
            tag = max(tag, calls[place - 1][2])
        if place < len(calls):
            tag = min(tag, calls[place][2])
        calls.insert(place, (*own, tag))
        return 0.0, tag, *own

    def _remove(self, line: _Line, placed: Placed) -> None:
        del line.calls[bisect_left(line.calls, placed[2:])]
