"""Means corrected for the chance of the run: a control variate (Lavenberg and Welch 1981, Management Science 27:322).

Were any agent to take any call, first come first served, the mean wait of the very same calls would be known exactly.
So how far these calls' waits, computed without a router, are from that mean tells how lucky the run was.
"""

from __future__ import annotations

import heapq
import math
import statistics
from collections.abc import Sequence

from routing.simulate.figures import Figure, student
from routing.simulate.scenario import Scenario
from routing.simulate.tally import Period


def fifo_waits(simulated: Scenario, seed: str, agents: int) -> list[tuple[float, float]]:
    """(arrival, wait) of the very same calls where any agent takes any, first come first served.

    By the recursion of Kiefer and Wolfowitz (1955): the next call begins when the first of the agents is free.
    """
    calls = heapq.merge(*(each.arrivals(seed) for each in simulated.streams), key=lambda call: call.at)
    free = [0.0] * agents
    waits = []
    for call in calls:
        begins = max(call.at, free[0])
        heapq.heapreplace(free, begins + call.service)
        waits.append((call.at, begins - call.at))
    return waits


def controlled(
    periods: Sequence[Period],
    members: Sequence[int],
    simulated: Scenario,
    seed: str,
    *,
    agents: int,
    pooled: float,
    level: float = 0.99,
) -> Figure:
    """The mean wait of these streams: batch means regressed on those of the control, read at its known mean."""
    values = [statistics.fmean(wait for index in members for wait in each.streams[index].waits) for each in periods]
    controls = _batches(simulated, seed, agents, len(periods))
    slope, intercept = statistics.linear_regression(controls, values)
    number, mean = len(values), statistics.fmean(controls)
    rest = [value - intercept - slope * control for value, control in zip(values, controls, strict=True)]
    spread = math.fsum((control - mean) ** 2 for control in controls)
    variance = math.fsum(each**2 for each in rest) / (number - 2) * (1 / number + (mean - pooled) ** 2 / spread)
    return Figure(intercept + slope * pooled, student(number - 2, level) * math.sqrt(variance))


def _batches(simulated: Scenario, seed: str, agents: int, number: int) -> list[float]:
    sums, numbers = [0.0] * number, [0] * number
    size = (simulated.length - simulated.warm_up) / number
    for at, wait in fifo_waits(simulated, seed, agents):
        index = math.floor((at - simulated.warm_up) / size)
        if 0 <= index < number:
            sums[index] += wait
            numbers[index] += 1
    return [each / many for each, many in zip(sums, numbers, strict=True)]
