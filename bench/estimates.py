"""How well a wait is foretold to a caller who begins to wait: ``python -m bench.estimates``.

Root of the mean square error over the mean wait, of callers who waited and were answered; the estimates learn pace and
patience by themselves during the run's first part, which is not counted. Beside them, on the same calls, what is usual: the
callers ahead times the true pace (queue length, which ignores skills and hang-ups), the same for the caller's own skill
alone, and the wait of the last one of that skill who was answered.
"""

from __future__ import annotations

import argparse
import math
import statistics
from dataclasses import dataclass, field

from bench import queueing
from bench.table import finish, show
from routing.demand import meets
from routing.estimate import WaitEstimates
from routing.events import Decision, Enqueued, Event, MakeOffer, OfferAccepted, Withdrawn
from routing.model import Contact
from routing.router import Router
from routing.simulate.run import run
from routing.simulate.scenario import Scenario

LEARNT = 0.25
"""The share of the run in which pace and patience are learnt."""

WAYS = ("ours", "queue length", "own skill", "last delay")


@dataclass(slots=True)
class Foretold:
    """Told of all that happens; collects errors. ``service``: mean seconds of a conversation."""

    scenario: Scenario
    service: float
    errors: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    waits: list[float] = field(default_factory=list)
    within: list[bool] = field(default_factory=list)
    _estimates: WaitEstimates | None = None
    _open: dict[str, dict[str, float]] = field(default_factory=dict)
    _p90: dict[str, float] = field(default_factory=dict)
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
            self._came(router, event.contact, now)
        elif isinstance(event, OfferAccepted):
            self._answered(router, self._offered.pop(event.token), now)
        elif isinstance(event, Withdrawn):
            self._open.pop(event.contact, None)

    def _came(self, router: Router, contact: Contact, now: float) -> None:
        record = router.board.room.get(contact.id)
        if record is None or record.bucket is None or now < LEARNT * self.scenario.length:
            return
        assert self._estimates is not None
        forecast = self._estimates.forecast_of(contact.id)
        if forecast is None:
            return
        own = sum(other.bucket is record.bucket for other in router.board.room)
        able = sum(meets(staff.operator.skills, contact.needs) for staff in self.scenario.staff)
        self._open[contact.id] = {
            "ours": forecast.wait.mean,
            "queue length": router.board.room.waiting * self.service / len(self.scenario.staff),
            "own skill": own * self.service / able,
            "last delay": self._last.get(_kind(contact), 0.0),
        }
        self._p90[contact.id] = forecast.p90

    def _answered(self, router: Router, contact_id: str, now: float) -> None:
        record = router.board.room.get(contact_id)
        assert record is not None
        waited = now - record.contact.since
        if waited > 0:
            self._last[_kind(record.contact)] = waited
        foretold = self._open.pop(contact_id, None)
        if foretold is not None:
            self.waits.append(waited)
            self.within.append(waited <= self._p90.pop(contact_id))
            for way, value in foretold.items():
                self.errors[way].append(value - waited)

    def ratio(self, way: str) -> float:
        """Root of the mean square error over the mean wait."""
        return math.sqrt(statistics.fmean(error**2 for error in self.errors[way])) / statistics.fmean(self.waits)


def _kind(contact: Contact) -> str:
    return " ".join(contact.needs)


def two_skills(first: int, second: int, both: int, erlangs: tuple[float, float], calls: int) -> Scenario:
    """So many agents for the first kind of call, for the second, for both; conversations of 300 s."""
    length = calls / sum(erlangs) * 300.0
    streams = [
        queueing.stream(name, load / 300.0, 300.0, length, needs={name: 1})
        for name, load in zip(("a", "b"), erlangs, strict=True)
    ]
    return queueing.scenario(streams, [{"a": 1}] * first + [{"b": 1}] * second + [{"a": 1, "b": 1}] * both)


def systems(calls: int) -> dict[str, tuple[Scenario, float, float]]:
    """Scenario, mean conversation (s) and bar by name."""
    return {
        "M/M/100, load .95": (queueing.erlang(100, 95, 300, 3 * calls), 300.0, 1.05 * math.sqrt(0.05)),
        "M/M/50, load .9": (queueing.erlang(50, 45, 300, 3 * calls), 300.0, 1.05 * math.sqrt(0.1)),
        "M/M/100+M, load 1.4, patience as long as service": (
            queueing.erlang(100, 140, 300, calls, patience=300),
            300.0,
            0.17,
        ),
        "two skills: 5, 5 and 10 for both, load .9": (two_skills(5, 5, 10, (9.0, 9.0), calls), 300.0, 0.42),
        "two skills: 10, 10 and 5 for both, load .88": (two_skills(10, 10, 5, (10.0, 12.0), calls), 300.0, 0.42),
        "two skills: 10, none and 10 for both, load .95": (two_skills(10, 0, 10, (12.0, 7.0), calls), 300.0, 0.42),
    }


def measure(scenario: Scenario, service: float, seed: str = "estimates") -> Foretold:
    """One run."""
    foretold = Foretold(scenario, service)
    run(scenario, seed, watch=foretold.watch)
    return foretold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--calls", type=int, default=100_000)
    arguments = parser.parse_args()
    table = []
    for name, (scenario, service, bar) in systems(arguments.calls).items():
        found = measure(scenario, service)
        ours = found.ratio("ours")
        table.append(
            {
                "system": name,
                "waits": len(found.waits),
                **{way: found.ratio(way) for way in WAYS},
                "bar": bar,
                "within p90": statistics.fmean(found.within),
                "verdict": "reached" if ours <= bar else "MISSED",
            }
        )
    show("root of the mean square error over the mean wait", table)
    finish({"estimates": table}, arguments.json)
    raise SystemExit(any(row["verdict"] != "reached" for row in table))


if __name__ == "__main__":
    main()
