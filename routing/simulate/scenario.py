"""What is simulated: who calls, when and for how long; who serves, and when."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Protocol

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
    """A call: when it comes, how long the conversation lasts, how long it waits at most (s)."""

    at: float
    service: float
    patience: float = math.inf


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call that came. None: what is not known of it is drawn; the patience of one who waited ``waited`` seconds and
    was answered is drawn from there on, for nobody knows how much longer they would have waited.
    """

    at: float
    service: float | None = None
    patience: float | None = None
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Stream:
    """Calls of one kind. ``contact`` is what each of them is, but for its id and the moment at which it comes.

    They come by ``rates``, or came as ``calls`` say. ``language`` and ``kind`` (the class) are what figures are told
    by. ``max_wait``: seconds after which the flow takes a waiting call elsewhere.
    """

    name: str
    contact: Contact
    service: Draw
    rates: tuple[Rate, ...] = ()
    patience: Draw = FOR_EVER
    calls: tuple[Recorded, ...] = ()
    language: str = ""
    kind: str = ""
    max_wait: float = math.inf

    def arrivals(self, seed: str) -> Iterator[Call]:
        """The calls, in order of time; the same for the same seed, whatever else the scenario has."""
        come, serve, wait = (Random(f"{seed}/{self.name}/{what}") for what in ("arrival", "service", "patience"))  # noqa: S311
        for at in () if self.calls else self._moments(come):
            yield Call(at, self.service.draw(serve), self.patience.draw(wait))
        for call in self.calls:
            service, patience = self.service.draw(serve), call.waited + self.patience.draw(wait)
            yield Call(
                call.at,
                service if call.service is None else call.service,
                patience if call.patience is None else call.patience,
            )

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


class Lead(Protocol):
    """Where calls wait as time goes by, of which the router knows nothing; times in seconds from the beginning."""

    def entry(self, queue: str, at: float) -> str | None:
        """The queue in which a call waits that comes to this one; None: it is closed, and nobody may wait."""
        ...

    def where(self, queue: str, waited: float, at: float, on_duty: Callable[[], bool]) -> str | None:
        """The queue in which a call goes on waiting that has waited so long (s); None: in none any more.

        ``on_duty``: whether somebody is there who could take it.
        """
        ...

    def look_again(self, queue: str, waited: float, at: float) -> float | None:
        """In how many seconds ``where`` may say something else; None: never."""
        ...


@dataclass(frozen=True, slots=True)
class Scenario:
    """All of it, times in seconds from its start.

    Calls that come before ``warm_up`` are served but not counted. ``within``: the wait that the service level is about.
    ``lines``: calls that there is room for at once, waiting or talking; more are blocked. ``pick_up``: how long a phone
    rings before it is answered. ``lead``: where calls wait as time goes by; None: where they came to.
    """

    queues: tuple[Queue, ...]
    streams: tuple[Stream, ...]
    staff: tuple[Staff, ...]
    length: float
    warm_up: float = 0.0
    within: float = 20.0
    lines: int | None = None
    pick_up: float = 0.0
    lead: Lead | None = None
