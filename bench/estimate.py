"""How well a wait is foretold to a caller who begins to wait: ``python -m bench.estimate``.

Root of the mean square error over the mean wait, of callers who waited and were answered, under the virtual clock; pace
and patience are learnt by the estimates themselves, and the first part of a run is not counted. Beside ours, on the
same calls, what is usual: the callers ahead times the true pace (queue length, which knows neither skills nor
hang-ups), the same for the caller's own kind alone, and the wait of the last one of that kind who was answered.

The interval is Student's at 95 % by the jackknife over batches (Miller 1974, Biometrika 61:1). In M/M/s the run's own
luck with its queue is known: the best that can be told misses by √n paces at the n-th place, and by √(1−ρ) of the mean
wait in the long run. ``corrected`` is that times our error over the best one's error on the same calls.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from bench import queueing
from bench.table import finish, show
from routing.demand import meets
from routing.estimates.waits import WaitEstimates
from routing.events import Decision, Enqueued, Event, MakeOffer, OfferAccepted, Withdrawn
from routing.model import Contact
from routing.router import Router
from routing.simulate.figures import Figure, student
from routing.simulate.run import run
from routing.simulate.scenario import Scenario

LEARNT = 0.2
"""The share of the run in which pace and patience are learnt."""

BATCHES = 20
LEVEL = 0.95
SEED = "estimates"
WAYS = ("ours", "queue length", "own kind", "last delay")
SERVICE = 300.0
"""Mean seconds of a conversation, in all of the systems."""


@dataclass(frozen=True, slots=True)
class System:
    """What is simulated. ``bar``: the ratio to reach; ``load``: of M/M/s, whose best ratio is known; else 0."""

    name: str
    scenario: Scenario
    bar: float
    load: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A caller who waited: how long, what each way foretold, our p50 and p90, the place in the queue (1: the next)."""

    waited: float
    foretold: dict[str, float]
    p50: float
    p90: float
    place: int

    def square(self, way: str) -> float:
        """The error's."""
        return (self.foretold[way] - self.waited) ** 2


@dataclass(slots=True)
class Foretold:
    """Told of all that happens; collects what was foretold and what came, in the order of the answers."""

    scenario: Scenario
    heard: list[Heard] = field(default_factory=list)
    calibrated: list[bool] = field(default_factory=list)
    _estimates: WaitEstimates | None = None
    _open: dict[str, tuple[dict[str, float], float, float, int]] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)
    _offered: dict[str, str] = field(default_factory=dict)

    def watch(self, router: Router, event: Event, decisions: list[Decision], now: float) -> None:
        """As routing.simulate.run.Watch."""
        self._estimates = self._estimates or WaitEstimates(router.board)
        for decision in decisions:
            if isinstance(decision, MakeOffer):
                self._offered[decision.offer.token] = decision.offer.contact
        self._estimates.saw(event, decisions, now)
        if isinstance(event, Enqueued):
            self._came(router, self._estimates, event.contact, now)
        elif isinstance(event, OfferAccepted):
            self._answered(router, self._offered.pop(event.token), now)
        elif isinstance(event, Withdrawn):
            self._open.pop(event.contact, None)

    def _came(self, router: Router, estimates: WaitEstimates, contact: Contact, now: float) -> None:
        forecast = estimates.forecast_of(contact.id)
        if forecast is None or now < LEARNT * self.scenario.length:
            return
        self.calibrated.append(estimates.calibration(contact.queue).calibrated)
        waiting = [record for record in router.board.room if record.bucket is not None]
        own = sum(record.contact.needs == contact.needs for record in waiting)
        able = sum(meets(staff.operator.skills, contact.needs) for staff in self.scenario.staff)
        told = {
            "ours": forecast.wait.mean,
            "queue length": len(waiting) * SERVICE / len(self.scenario.staff),
            "own kind": own * SERVICE / able,
            "last delay": self._last.get(_kind(contact), 0.0),
        }
        self._open[contact.id] = told, forecast.p50, forecast.p90, len(waiting)

    def _answered(self, router: Router, contact_id: str, now: float) -> None:
        record = router.board.room.get(contact_id)
        assert record is not None
        waited = now - record.contact.since
        if waited > 0:
            self._last[_kind(record.contact)] = waited
        if contact_id in self._open:
            self.heard.append(Heard(waited, *self._open.pop(contact_id)))


def _kind(contact: Contact) -> str:
    return " ".join(contact.needs)


def ratio(heard: Sequence[Heard], way: str) -> float:
    """Root of the mean square error over the mean wait."""
    return math.sqrt(fmean(each.square(way) for each in heard)) / fmean(each.waited for each in heard)


def corrected(heard: Sequence[Heard], system: System) -> float:
    """Of M/M/s: √(1−ρ) times our error over the best one's on these calls, each of whose squares has the mean
    ``place`` squared paces."""
    pace = SERVICE / len(system.scenario.staff)
    best = fmean(each.place * pace**2 for each in heard)
    return math.sqrt((1 - system.load) * fmean(each.square("ours") for each in heard) / best)


def jackknife(heard: Sequence[Heard], of: Callable[[Sequence[Heard]], float]) -> Figure:
    """The figure of all, its interval from leaving out one batch after another."""
    size = len(heard) // BATCHES
    whole = of(heard)
    without = [of([*heard[: at * size], *heard[(at + 1) * size :]]) for at in range(BATCHES)]
    spread = math.sqrt((BATCHES - 1) / BATCHES * sum((each - fmean(without)) ** 2 for each in without))
    return Figure(whole, student(BATCHES - 1, LEVEL) * spread)


def two_skills(first: int, second: int, both: int, erlangs: tuple[float, float], calls: int) -> Scenario:
    """So many agents for the first kind of call, for the second, for both."""
    length = calls / sum(erlangs) * SERVICE
    streams = [
        queueing.stream(name, load / SERVICE, SERVICE, length, needs={name: 1})
        for name, load in zip(("a", "b"), erlangs, strict=True)
    ]
    return queueing.scenario(streams, [{"a": 1}] * first + [{"b": 1}] * second + [{"a": 1, "b": 1}] * both)


def systems(calls: int) -> list[System]:
    """So many calls each."""
    erlang = queueing.erlang
    return [
        System("M/M/100, load .95", erlang(100, 95, SERVICE, calls), 1.05 * math.sqrt(0.05), 0.95),
        System("M/M/50, load .9", erlang(50, 45, SERVICE, calls), 1.05 * math.sqrt(0.1), 0.9),
        System("M/M/100+M, load 1.4, patience 300 s", erlang(100, 140, SERVICE, calls, SERVICE), 0.17),
        System("two skills: 5, 5, 10 for both, .9", two_skills(5, 5, 10, (9.0, 9.0), calls), 0.42),
        System("two skills: 10, 10, 5 for both, .88", two_skills(10, 10, 5, (10.0, 12.0), calls), 0.42),
        System("two skills: 10, 0, 10 for both, .95", two_skills(10, 0, 10, (12.0, 7.0), calls), 0.42),
    ]


def measured(system: System) -> dict[str, str | float]:
    """A row of the table."""
    began = time.process_time()
    foretold = Foretold(system.scenario)
    run(system.scenario, SEED, watch=foretold.watch)
    heard = foretold.heard
    judged = raw = jackknife(heard, lambda each: ratio(each, "ours"))
    if system.load:
        judged = jackknife(heard, lambda each: corrected(each, system))
    return {
        "system": system.name,
        "waits": len(heard),
        **{way: f"{ratio(heard, way):.3f}" for way in WAYS[1:]},
        "ours": f"{raw.mean:.3f}±{raw.half:.3f}",
        "corrected": f"{judged.mean:.3f}±{judged.half:.3f}" if system.load else "",
        "bar": system.bar,
        "within p50": fmean(each.waited <= each.p50 for each in heard),
        "within p90": fmean(each.waited <= each.p90 for each in heard),
        "told": fmean(foretold.calibrated),
        "CPU s": f"{time.process_time() - began:.1f}",
        "verdict": _verdict(judged, system.bar),
    }


def _verdict(figure: Figure, bar: float) -> str:
    if abs(figure.mean - bar) <= figure.half:
        return "reached, in its interval" if figure.mean <= bar else "missed, in its interval"
    return "reached" if figure.mean < bar else "MISSED"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="", help="a word of the system's name")
    parser.add_argument("--calls", type=int, default=10_000, help="of each system")
    arguments = parser.parse_args()
    table = [measured(system) for system in systems(arguments.calls) if arguments.only in system.name]
    show("root of the mean square error over the mean wait; told: the share of callers to whom it would be", table)
    finish({"estimate": table}, arguments.json)
    raise SystemExit(any(row["verdict"] == "MISSED" for row in table))


if __name__ == "__main__":
    main()
