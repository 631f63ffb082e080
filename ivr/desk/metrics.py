"""Figures for Prometheus: counted from the same events that make tickets, so that the two cannot disagree.

The registry is given, so that two hotlines in one process (tests) do not share figures. Operators' and queues'
present state is asked for when it is read. No label holds anything about a caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ivr.call import Journal
from ivr.calllog.events import Answered, AnyEvent, Ended, OfferFailed, Queued, QueueLeft, Resumed, Started
from ivr.desk.latency import Latency
from routing.model import OperatorState
from routing.views import OperatorView, QueueView

WAITS = (1, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1500)
"""Seconds of waiting: 20 s and 60 s are the published service levels, 1,500 s the longest wait."""


COUNTED = frozenset((Started, Resumed, Queued, OfferFailed, Answered, QueueLeft, Ended))
"""Events that Figures counts; most of a call's are others."""


class Figures:
    """What is counted while calls go on: a Journal's ear, and hooks for what no event tells."""

    def __init__(self, registry: CollectorRegistry) -> None:
        started = Counter("kommutator_calls_started", "Calls that arrived", ["line"], registry=registry)
        ended = Counter("kommutator_calls_ended", "Calls that ended, and how", ["end"], registry=registry)
        offers = Counter("kommutator_offers", "Offers to operators, and their outcomes", ["outcome"], registry=registry)
        # What prometheus-client does to find a counter among its labels costs more than the counting.
        self._started, self._ended, self._offers = cache(started.labels), cache(ended.labels), cache(offers.labels)
        self._wait = Histogram(
            "kommutator_wait_seconds", "Time in a queue", ["queue", "outcome"], buckets=WAITS, registry=registry
        )
        self.key_to_prompt = Latency(
            "kommutator_key_to_prompt_seconds", "From the answer to a question to the request of the next words"
        )
        self.free_to_ring = Latency(
            "kommutator_free_to_ring_seconds", "From an operator coming free for a call to the command that rings them"
        )
        for latency in (self.key_to_prompt, self.free_to_ring):
            registry.register(latency)
        self._waiting: dict[str, tuple[str, float]] = {}  # call id -> queue and when the wait began
        self._calls: set[str] = set()

    @property
    def calls(self) -> int:
        """Calls in progress."""
        return len(self._calls)

    def take(self, call_id: str, event: AnyEvent) -> None:
        """Count one event."""
        match event:
            case Started():
                self._calls.add(call_id)
                self._started(event.line or "unknown").inc()
            case Resumed():
                self._calls.add(call_id)
            case Queued():
                self._waiting[call_id] = (event.queue, event.since)
            case OfferFailed():
                self._offers(event.why).inc()
            case Answered():
                self._offers("answered").inc()
                self._waited(call_id, event.at, "answered")
            case QueueLeft():
                self._waited(call_id, event.at, event.why)
            case Ended():
                self._calls.discard(call_id)
                self._ended(event.end.value).inc()
                self._waited(call_id, event.at, "abandoned")

    def _waited(self, call_id: str, until: float, outcome: str) -> None:
        queue, since = self._waiting.pop(call_id, ("", 0.0))
        if queue:
            self._wait.labels(queue, outcome).observe(max(0.0, until - since))


class CountingJournal:
    """A Journal that counts what passes through it to the spool."""

    def __init__(self, journal: Journal, figures: Figures) -> None:
        self._journal, self._figures = journal, figures

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        """Count the event, and hand it on."""
        if type(event) in COUNTED:
            self._figures.take(call_id, event)
        self._journal.append(call_id, seq, event)


class SpoolView(Protocol):
    """What is asked of the spool."""

    healthy: bool
    lost: int

    @property
    def backlog_bytes(self) -> int:
        """Bytes that are not in the database yet."""
        ...


class RoutingView(Protocol):
    """What is asked of the dispatcher."""

    def operators(self) -> list[OperatorView]:
        """Every operator on the roster."""
        ...

    def queues(self) -> list[QueueView]:
        """Every queue."""
        ...


class Present(Collector):
    """How things stand at the moment they are read."""

    def __init__(self, figures: Figures, routing: RoutingView, spool: SpoolView, ami: Callable[[], bool]) -> None:
        self._figures, self._routing, self._spool, self._ami = figures, routing, spool, ami

    def collect(self) -> Iterable[Metric]:
        """Every gauge."""
        queues = self._routing.queues()
        yield _gauge("calls_in_progress", "Calls in progress", {(): self._figures.calls})
        yield _gauge("waiting", "Callers who wait", {(q.name,): q.waiting for q in queues}, "queue")
        longest: Mapping[tuple[str, ...], float] = {(q.name,): q.longest_wait for q in queues}
        yield _gauge("longest_wait_seconds", "The longest of those waits", longest, "queue")
        yield _gauge("operators", "Operators by state", self._states(), "state")
        yield _gauge("spool_backlog_bytes", "Events on the way to the database", {(): self._spool.backlog_bytes})
        yield _gauge("spool_healthy", "1 while events can be written", {(): self._spool.healthy})
        yield _gauge("spool_lost", "Events that could be kept nowhere", {(): self._spool.lost})
        yield _gauge("asterisk_connected", "1 while Asterisk's manager interface answers", {(): self._ami()})

    def describe(self) -> Iterable[Metric]:
        """Nothing: so registering asks for nothing."""
        return []

    def _states(self) -> Mapping[tuple[str, ...], float]:
        counts: dict[tuple[str, ...], float] = {(state.value,): 0 for state in OperatorState}
        for operator in self._routing.operators():
            counts[(operator.state.value,)] += 1
        return counts


def _gauge(name: str, words: str, values: Mapping[tuple[str, ...], float], *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"kommutator_{name}", words, labels=labels)
    for key, value in values.items():
        family.add_metric(key, float(value))
    return family
