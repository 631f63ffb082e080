"""The router under a virtual clock beside what is known of queues: ``python -m bench.reference``.

Expected values were computed exactly, or simulated with the interval given. Ours: one long run in 20 batches with
Student's 99 % interval, for there are some forty figures. Were any agent to take any call, the mean wait of the same
calls would be known exactly: that corrects for the chance of the run (bench.control).
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import queueing
from bench.control import controlled
from bench.table import finish, show
from routing.simulate.figures import Figure, Row, figure, rows
from routing.simulate.run import run
from routing.simulate.scenario import Scenario

BATCHES = 20
LEVEL = 0.99
SEED = "reference"
POOLED_N = 0.5094
"""Mean wait of M/M/4 at 3 Erlangs (Erlang C)."""

FIFO = 104.17
"""Mean wait (s) of M/M/50 at 48 Erlangs, 300 s."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A figure of the tables. ``share``: it must be that near (0: in the interval is enough)."""

    system: str
    what: str
    value: float
    half: float = 0.0
    share: float = 0.0


Measured = tuple[Expected, Figure]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="", help="a word of the name: erlang-c, erlang-a, n-system, pooling, …")
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the usual number of calls")
    arguments = parser.parse_args()
    table = []
    for name, measure in SYSTEMS.items():
        if arguments.only in name:
            began = time.perf_counter()
            found = [_verdict(*each) for each in measure(arguments.scale)]
            show(f"{name} ({time.perf_counter() - began:.0f} s)", found)
            table += [{"table": name, **row} for row in found]
    finish({"reference": table}, arguments.json)
    raise SystemExit(any(row["verdict"] != "inside" for row in table))


def _verdict(expected: Expected, measured: Figure) -> dict[str, str | float]:
    apart = abs(measured.mean - expected.value)
    inside = apart <= math.hypot(measured.half, expected.half)
    if expected.share:
        inside = inside and apart <= expected.share * expected.value
    bound = f" within {expected.share:.0%}" if expected.share else ""
    return {
        "system": expected.system,
        "figure": expected.what + bound,
        "expected": f"{expected.value:.4g}" + (f"±{expected.half:g}" if expected.half else ""),
        "measured": f"{measured.mean:.4g}",
        "±": f"{measured.half:.2g}",
        "verdict": "inside" if inside else "OUTSIDE",
    }


def _erlang_c(scale: float) -> Iterator[Measured]:
    for (agents, erlangs, service), (delayed, wait, in_time) in (
        ((10, 8, 180), (0.4092, 36.83, 0.6724)),
        ((50, 45, 300), (0.3639, 21.83, 0.7393)),
        ((100, 95, 300), (0.5065, 30.39, 0.6371)),
        ((200, 190, 300), (0.3653, 10.96, 0.8125)),
    ):
        system = f"{agents}/{erlangs}/{service}"
        row = _row(queueing.erlang(agents, erlangs, service, int(500_000 * scale)))
        yield Expected(system, "P(wait)", delayed), row.delayed
        yield Expected(system, "mean wait s", wait), row.mean_wait
        yield Expected(system, "within 20 s", in_time), row.service_level


def _erlang_a(scale: float) -> Iterator[Measured]:
    for (agents, erlangs, service), (delayed, left, wait) in (
        ((10, 8, 180), (0.2624, 0.0621, 7.45)),
        ((50, 45, 300), (0.2001, 0.0286, 3.43)),
        ((100, 105, 300), (0.5577, 0.0762, 9.14)),
    ):
        system = f"{agents}/{erlangs}/{service}/120"
        row = _row(queueing.erlang(agents, erlangs, service, int(300_000 * scale), patience=120))
        yield Expected(system, "P(wait)", delayed), row.delayed
        yield Expected(system, "abandoned", left), row.abandoned
        yield Expected(system, "mean wait s", wait), row.mean_wait


def _n_system(scale: float) -> Iterator[Measured]:
    simulated = queueing.n_system(int(2_000_000 * scale))
    periods = run(simulated, SEED, periods=BATCHES)
    for index, (name, value) in enumerate((("A", 0.4415), ("B", 1.5822))):
        measured = controlled(periods, [index], simulated, SEED, agents=4, pooled=POOLED_N)
        yield Expected("A, A, AB, AB at 1.6 and 1.4", f"mean wait of {name}", value, share=0.01), measured


def _pooling(scale: float) -> Iterator[Measured]:
    for skills, wait, half, blocked, free, free_half in (
        ("1", 146.7, 0.8, 0.0382, 433.4, 0.0),
        ("2 even", 33.8, 0.6, 0.0041, 48.9, 2.2),
        ("2 chain", 38.7, 0.7, 0.0045, 53.8, 1.5),
        ("3", 28.9, 0.7, 0.0039, 42.4, 2.2),
        ("6", 26.8, 0.6, 0.0037, 41.20, 0.0),
    ):
        row = _row(queueing.few_skills(skills, int(400_000 * scale), lines=120))
        yield Expected(f"{skills}, 30 places", "mean wait s", wait, half), row.mean_wait
        yield Expected(f"{skills}, 30 places", "blocked", blocked), row.blocked
        simulated = queueing.few_skills(skills, int(400_000 * scale))
        periods = run(simulated, SEED, periods=BATCHES)
        if skills == "1":
            measured = rows(simulated, periods, LEVEL)[0].mean_wait
        else:
            measured = controlled(periods, range(6), simulated, SEED, agents=90, pooled=41.20)
        yield Expected(f"{skills}, no limit", "mean wait s", free, free_half), measured


def _unbalanced(scale: float) -> Iterator[Measured]:
    """The worst class's mean over the best's: the bar is 1.2, the table has 54/46."""
    rates, agents = (2.8, 1.4, 1.4, 1.4, 0.7, 0.7), (30, 15, 15, 15, 8, 7)
    simulated = queueing.few_skills("2 even", int(2_000_000 * scale), rates=rates, agents=agents)
    periods = run(simulated, SEED, periods=BATCHES)
    means = [[statistics.fmean(count.waits) for count in period.streams] for period in periods]
    whole = [statistics.fmean(each) for each in zip(*means, strict=True)]
    worst, best = whole.index(max(whole)), whole.index(min(whole))
    ratio = figure([waits[worst] / waits[best] for waits in means], LEVEL)
    yield Expected("2 even, unbalanced", "worst over best class mean, bar 1.2", 1.1, half=0.1), ratio
    yield (
        Expected("2 even, unbalanced", "best class mean s", 46.0, half=4.0),
        figure([waits[best] for waits in means], LEVEL),
    )
    yield (
        Expected("2 even, unbalanced", "worst class mean s", 54.0, half=4.0),
        figure([waits[worst] for waits in means], LEVEL),
    )


def _priorities(scale: float) -> Iterator[Measured]:
    strict = queueing.priorities(int(1_000_000 * scale), [{"priority": 2}, {"priority": 1}, {}], queueing.STRICT)
    periods = run(strict, SEED, periods=BATCHES)
    for index, (name, value) in enumerate((("urgent", 4.29), ("disability", 4.75), ("normal", 115.2))):
        measured = controlled(periods, [index], strict, SEED, agents=50, pooled=FIFO)
        yield Expected("strict", f"mean wait of {name} s", value), measured


def _head_starts(scale: float) -> Iterator[Measured]:
    simulated = queueing.priorities(int(1_000_000 * scale), queueing.HEAD_STARTS)
    periods = run(simulated, SEED, periods=BATCHES)
    urgent = next(row for row in rows(simulated, periods, LEVEL) if row.name == "urgent")
    assert urgent.service_level is not None
    yield Expected("head start 600/120/0 s", "urgent within 20 s", 0.953, half=0.01), urgent.service_level
    measured = controlled(periods, [2], simulated, SEED, agents=50, pooled=FIFO)
    yield Expected("head start 600/120/0 s", "normal over FIFO", 114 / 107, half=0.02), _over(measured, FIFO)


def _over(measured: Figure, whole: float) -> Figure:
    return Figure(measured.mean / whole, measured.half / whole)


def _row(simulated: Scenario) -> Row:
    return rows(simulated, run(simulated, SEED, periods=BATCHES), LEVEL)[0]


SYSTEMS: dict[str, Callable[[float], Iterator[Measured]]] = {
    "erlang-c": _erlang_c,
    "erlang-a": _erlang_a,
    "n-system": _n_system,
    "pooling": _pooling,
    "unbalanced": _unbalanced,
    "priorities": _priorities,
    "head-starts": _head_starts,
}

if __name__ == "__main__":
    main()
