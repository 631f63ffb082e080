"""From counts to figures with their confidence intervals.

A day begins empty and ends, so days are simulated independently and compared (replications: Law, Simulation Modeling
and Analysis, 9.4.1). A steady state is measured by one long run, cut after its warm-up into batches that are long
enough to be nearly independent (batch means; 10 to 30 of them: Schmeiser 1982, Operations Research 30:556). Either way
there is one value a period, and the interval is Student's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev

from routing.demand import meets
from routing.simulate.run import Watch, run
from routing.simulate.scenario import Scenario
from routing.simulate.tally import Count, Period, pooled

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over the periods, and half the width of its confidence interval (0 where there is one period only)."""

    mean: float
    half: float

    def holds(self, value: float, slack: float = 0.0) -> bool:
        """Whether the value is in the interval, or nearer to it than ``slack`` (a share of the value)."""
        return abs(self.mean - value) <= self.half + slack * abs(value)


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of all calls (``by`` is "all"), or of those of one queue, language or class. Waits in seconds.

    ``calls``: that came, a period. ``service_level``: the share answered within the scenario's time of all who came
    into the queue, those who hung up included; ``delayed``: the share that waited at all; ``abandoned`` hung up,
    ``timed_out`` waited as long as the flow lets them, ``unserved`` still waited when there was nobody left to come.
    ``blocked``: of all calls, those that found no line free or a closed queue. ``occupancy``: of the time on duty of
    those operators who can take these calls, the share spent on calls of any kind.
    """

    by: str
    name: str
    calls: Figure | None
    service_level: Figure | None
    delayed: Figure | None
    mean_wait: Figure | None
    p90_wait: Figure | None
    abandoned: Figure | None
    timed_out: Figure | None
    unserved: Figure | None
    blocked: Figure | None
    occupancy: Figure | None


def replications(scenario: Scenario, seed: str, days: int, level: float = LEVEL) -> list[Row]:
    """Figures of so many independent runs, each with chances of its own. Raises ValueError as Router does."""
    periods = [period for day in range(days) for period in run(scenario, f"{seed}/{day}")]
    return rows(scenario, periods, level)


def batches(
    scenario: Scenario, seed: str, number: int = 20, *, level: float = LEVEL, watch: Watch | None = None
) -> list[Row]:
    """Figures of one long run in so many batches: for a scenario whose rates and roster do not change."""
    return rows(scenario, run(scenario, seed, periods=number, watch=watch), level)


def rows(scenario: Scenario, periods: Sequence[Period], level: float = LEVEL) -> list[Row]:
    """All calls, then by queue, language and class."""
    streams = scenario.streams
    groups: dict[tuple[str, str], list[int]] = {("all", "all"): list(range(len(streams)))}
    for by, names in (
        ("queue", [stream.contact.queue for stream in streams]),
        ("language", [stream.language for stream in streams]),
        ("class", [stream.kind for stream in streams]),
    ):
        for index, name in enumerate(names):
            if name:
                groups.setdefault((by, name), []).append(index)
    return [_row(scenario, periods, key, members, level) for key, members in groups.items()]


def _row(
    scenario: Scenario, periods: Sequence[Period], key: tuple[str, str], members: Sequence[int], level: float
) -> Row:
    counts = [pooled([period.streams[index] for index in members]) for period in periods]
    wanted = [scenario.streams[index].contact.needs for index in members]
    able = [s.operator.id for s in scenario.staff if any(meets(s.operator.skills, needs) for needs in wanted)]
    of_calls = {what: figure([measure(count) for count in counts], level) for what, measure in _MEASURES.items()}
    return Row(
        by=key[0], name=key[1], **of_calls, occupancy=figure([_occupancy(period, able) for period in periods], level)
    )


def _share(part: Callable[[Count], float], whole: Callable[[Count], float]) -> Callable[[Count], float | None]:
    return lambda count: part(count) / whole(count) if whole(count) else None


def _entered(count: Count) -> int:
    return count.came - count.blocked - count.turned_away


def _p90(count: Count) -> float | None:
    ordered = sorted(count.waits)
    return ordered[math.ceil(0.9 * len(ordered)) - 1] if ordered else None


_MEASURES: dict[str, Callable[[Count], float | None]] = {
    "calls": lambda count: count.came,
    "service_level": _share(lambda count: count.in_time, _entered),
    "delayed": _share(lambda count: sum(wait > 0 for wait in count.waits), lambda count: len(count.waits)),
    "mean_wait": _share(lambda count: math.fsum(count.waits), lambda count: len(count.waits)),
    "p90_wait": _p90,
    "abandoned": _share(lambda count: count.abandoned, _entered),
    "timed_out": _share(lambda count: count.timed_out, _entered),
    "unserved": _share(lambda count: count.unserved, _entered),
    "blocked": _share(lambda count: count.blocked + count.turned_away, lambda count: count.came),
}


def _occupancy(period: Period, able: Sequence[str]) -> float | None:
    on = sum(period.operators[name].on for name in able)
    return sum(period.operators[name].serving for name in able) / on if on else None


def figure(values: Sequence[float | None], level: float = LEVEL) -> Figure | None:
    """The mean of the periods that have a value, with its interval; None where none has."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    if len(known) == 1:
        return Figure(known[0], 0.0)
    return Figure(fmean(known), student(len(known) - 1, level) * stdev(known) / math.sqrt(len(known)))


def student(freedom: int, level: float) -> float:
    """Student's two-sided quantile (Abramowitz and Stegun 26.7.5: within 0.1 % from 4 degrees of freedom on)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / float(freedom) ** power for power, term in enumerate(terms, 1))
