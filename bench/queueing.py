"""Systems that queueing theory knows, as scenarios: so many servers, Poisson calls, exponential conversations."""

from __future__ import annotations

from collections.abc import Sequence

from routing.model import Contact, Needs, Operator, Queue
from routing.simulate.draws import FOR_EVER, Exponential
from routing.simulate.scenario import Rate, Scenario, Staff, Stream

QUEUE = Queue("q")
STRICT = Queue("q", order="strict")
HEAD_STARTS = ({"priority": 10}, {"priority": 2}, {})
"""600, 120 and 0 s, at the usual minute a step."""

WARM_UP = 0.04
"""The share of a run that is not counted: the queue starts empty."""

MINUTE = 60.0


def stream(name: str, rate: float, service: float, length: float, **more) -> Stream:
    """Calls at ``rate`` a second, ``service`` seconds each; ``more``: needs, priority, patience (s)."""
    patience = more.pop("patience", None)
    return Stream(
        name,
        Contact("", QUEUE.name, 0.0, **more),
        Exponential(service),
        (Rate(0.0, length, rate),),
        Exponential(patience) if patience else FOR_EVER,
        kind=name,
    )


def scenario(
    streams: Sequence[Stream], staff: Sequence[Needs], lines: int | None = None, queue: Queue = QUEUE
) -> Scenario:
    """One queue, operators of these skills."""
    length = streams[0].rates[0].end
    operators = tuple(Staff(Operator(f"op{number}", skills)) for number, skills in enumerate(staff))
    return Scenario((queue,), tuple(streams), operators, length, warm_up=WARM_UP * length, lines=lines)


def erlang(agents: int, erlangs: float, service: float, calls: int, patience: float | None = None) -> Scenario:
    """M/M/s, or M/M/s+M where callers hang up."""
    rate = erlangs / service
    more = {"patience": patience} if patience else {}
    return scenario([stream("calls", rate, service, calls / rate, **more)], [{}] * agents)


def n_system(calls: int) -> Scenario:
    """Agents A, A, AB, AB; 1.6 calls of type A and 1.4 of type B a second, a second each."""
    length = calls / 3.0
    streams = [stream("A", 1.6, 1.0, length, needs={"a": 1}), stream("B", 1.4, 1.0, length, needs={"b": 1})]
    return scenario(streams, [{"a": 1}, {"a": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 1}])


def few_skills(
    skills: str,
    calls: int,
    *,
    lines: int | None = None,
    rates: Sequence[float] = (1.4,) * 6,
    agents: Sequence[int] = (15,) * 6,
) -> Scenario:
    """After Wallace and Whitt (2005): six types, ``rates`` a minute, ten minutes each; ``skills`` an agent."""
    length = calls / sum(rates) * MINUTE
    streams = [stream(f"type{t}", rate / MINUTE, 600.0, length, needs={f"s{t}": 1}) for t, rate in enumerate(rates)]
    staff = [_skills(skills, t, number) for t, many in enumerate(agents) for number in range(many)]
    return scenario(streams, staff, lines)


_FURTHER = {
    "1": lambda _: (),
    "2 even": lambda number: (number % 5 + 1,),
    "2 chain": lambda _: (1,),
    "3": lambda number: (number % 5 + 1, (number + 1) % 5 + 1),
    "6": lambda _: (1, 2, 3, 4, 5),
}
"""How far from the primary skill, on a ring of six, the others of the so-manyth agent of a type are."""


def _skills(skills: str, primary: int, number: int) -> Needs:
    return {f"s{(primary + further) % 6}": 1 for further in (0, *_FURTHER[skills](number))}


def priorities(calls: int, ranks: Sequence[dict], queue: Queue = QUEUE) -> Scenario:
    """3 % urgent, 7 % with a disability, 90 % others; 50 agents, 48 Erlangs, 300 s. ``ranks``: what sets each apart."""
    rate = 48 / 300.0
    shares = (("urgent", 0.03), ("disability", 0.07), ("normal", 0.9))
    streams = [
        stream(name, rate * share, 300.0, calls / rate, **rank)
        for (name, share), rank in zip(shares, ranks, strict=True)
    ]
    return scenario(streams, [{}] * 50, queue=queue)
