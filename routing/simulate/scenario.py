"""What is simulated: who calls, when and for how long; who serves, and when."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from routing.model import Contact, Operator, Queue
from routing.simulate.draws import FOR_EVER, Draw

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls come by chance (Poisson) from ``start`` to before ``end`` (s), so many a second on average."""

    start: float
    end: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose lengths (s) are settled. ``patience``: how long it waits at most; inf for one that was answered."""

    at: float
    service: float
    patience: float = math.inf


@dataclass(frozen=True, slots=True)
class Stream:
    """Calls of one kind. ``contact`` is what each of them is, but for its id and the moment at which it comes.

    They come by ``rates``, or are exactly ``calls``. ``language`` and ``kind`` (the class) are what figures are told
    by. ``max_wait``: seconds after which the flow takes a waiting call elsewhere.
    """

    name: str
    contact: Contact
    service: Draw
    rates: tuple[Rate, ...] = ()
    patience: Draw = FOR_EVER
    calls: tuple[Call, ...] = ()
    language: str = ""
    kind: str = ""
    max_wait: float = math.inf

    def arrivals(self, seed: str) -> Iterator[Call]:
        """The calls, in order of time; the same for the same seed, whatever else the scenario has."""
        if self.calls:
            yield from self.calls
            return
        come, serve, wait = (Random(f"{seed}/{self.name}/{what}") for what in ("arrival", "service", "patience"))  # noqa: S311
        for at in self._moments(come):
            yield Call(at, self.service.draw(serve), self.patience.draw(wait))

    def _moments(self, chance: Random) -> Iterator[float]:
        """A Poisson process has no memory, so that it may begin anew wherever the rate changes."""
        for rate in self.rates:
            at = rate.start
            while rate.per_second > 0 and (at := at + chance.expovariate(rate.per_second)) < rate.end:
                yield at


@dataclass(frozen=True, slots=True)
class Staff:
    """An operator and the shifts (start, end; s) on which they take calls."""

    operator: Operator
    shifts: tuple[tuple[float, float], ...] = ((0.0, math.inf),)


@dataclass(frozen=True, slots=True)
class Scenario:
    """All of it, times in seconds from its start.

    Calls that come before ``warm_up`` are served but not counted. ``within``: the wait that the service level is about.
    ``lines``: calls that there is room for at once, waiting or talking; more are blocked. ``pick_up``: how long a phone
    rings before it is answered.
    """

    queues: tuple[Queue, ...]
    streams: tuple[Stream, ...]
    staff: tuple[Staff, ...]
    length: float
    warm_up: float = 0.0
    within: float = 20.0
    lines: int | None = None
    pick_up: float = 0.0
