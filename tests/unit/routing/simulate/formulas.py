"""What queueing theory says, computed here and by nothing of ours."""

import heapq
import math
from collections import deque
from itertools import pairwise, permutations


def erlang_c(agents: int, erlangs: float) -> float:
    """The share that waits in M/M/s (Erlang 1917)."""
    blocked = 1.0
    for servers in range(1, agents + 1):
        blocked = erlangs * blocked / (servers + erlangs * blocked)
    return agents * blocked / (agents - erlangs * (1 - blocked))


def m_m_s(agents: int, erlangs: float, service: float) -> tuple[float, float, float]:
    """P(wait), mean wait (s), share answered within 20 s."""
    delayed = erlang_c(agents, erlangs)
    return (
        delayed,
        delayed * service / (agents - erlangs),
        1 - delayed * math.exp(-(agents - erlangs) * 20 / service),
    )


def erlang_a(agents: int, erlangs: float, service: float, patience: float) -> tuple[float, float, float]:
    """P(wait), share that hangs up, mean wait (s) in M/M/s+M (Palm 1957), from the birth-and-death equations."""
    came, served, left = erlangs / service, 1 / service, 1 / patience
    weights = [1.0]
    while weights[-1] > 1e-15 * max(weights) or len(weights) <= agents:
        leaving = min(len(weights), agents) * served + max(0, len(weights) - agents) * left
        weights.append(weights[-1] * came / leaving)
    whole = sum(weights)
    delayed = sum(weights[agents:]) / whole
    waiting = sum((number - agents) * weight for number, weight in enumerate(weights) if number > agents) / whole
    return delayed, waiting * left / came, waiting / came


def priority_waits(agents: int, service: float, erlangs: tuple[float, ...]) -> list[float]:
    """Mean waits (s) by class, the first served first, none interrupted (Cobham 1954)."""
    delayed = erlang_c(agents, sum(erlangs))
    loads = [0.0]
    for load in erlangs:
        loads.append(loads[-1] + load / agents)
    return [delayed * service / agents / (1 - above) / (1 - own) for above, own in pairwise(loads)]


def fcfs_alis(servers: list[frozenset[str]], rates: dict[str, float]) -> dict[str, float]:
    """Mean waits by class, servers of rate 1, first come first served, longest idle (Adan and Weiss 2014, theorem 2).

    A state is the order in which the servers that are busy began, with the callers who wait between them (whom none
    of those before can take anybody else than), and then the idle ones, the longest idle last.
    """
    indices = range(len(servers))
    weight, waiting = 0.0, dict.fromkeys(rates, 0.0)
    for order in permutations(indices):
        for busy in range(len(servers) + 1):
            states, classes = _block(servers, rates, order, busy)
            weight += states
            for kind, number in classes.items():
                waiting[kind] += number
    return {kind: waiting[kind] / weight / rates[kind] for kind in rates}


def _block(servers, rates, order, busy) -> tuple[float, dict[str, float]]:
    """The weight of all states with these servers busy in this order, and its callers by class."""
    weight, means = 1.0, {}
    for idle in range(busy, len(servers)):
        able = set().union(*(servers[index] for index in order[idle:]))
        weight /= sum(rates[kind] for kind in able)
    for last in range(1, busy + 1):
        taken = set().union(*(servers[index] for index in order[last:]))
        only = {kind: rate for kind, rate in rates.items() if kind not in taken}
        share = sum(only.values()) / last
        weight /= last * (1 - share)
        for kind, rate in only.items():
            means[kind] = means.get(kind, 0.0) + share / (1 - share) * rate / sum(only.values())
    return weight, {kind: weight * mean for kind, mean in means.items()}


def dynamic_priority_waits(calls: list[tuple[float, float, float]], agents: int) -> dict[float, float]:
    """When each call came -> its wait (s): who is free takes whoever came first, head starts counted (Jackson 1960).

    ``calls``: (when it comes, how long it lasts, its head start), sorted.
    """
    free, waiting, waits, coming = [0.0] * agents, [], {}, deque(calls)
    while coming or waiting:
        at = max(free[0], coming[0][0]) if not waiting else free[0]
        while coming and coming[0][0] <= at:
            came, lasts, start = coming.popleft()
            heapq.heappush(waiting, (came - start, came, lasts))
        _, came, lasts = heapq.heappop(waiting)
        waits[came] = at - came
        heapq.heapreplace(free, at + lasts)
    return waits
