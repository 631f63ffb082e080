"""The world around a running hotline's calls: what its own log tells of the queues, and its tickets of a caller."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Protocol

from ivr.call import Journal
from ivr.calllog.events import Answered, AnyEvent, Ended, Queued, QueueLeft
from ivr.flow.queues import Queues
from routing.estimate import WaitEstimate

CallsBetween = Callable[[str, float, float], Awaitable[int]]
"""How many calls of a number began from one moment to before another; 0 where that cannot be told in time."""


TELLING = frozenset((Queued, Answered, QueueLeft, Ended))
"""Events that tell something of a queue; most of a call's are others."""


class Ordered(Protocol):
    """ivr.emergencies.Emergencies, as far as calls are concerned."""

    def under(self, known: Queues) -> Queues:
        """These queues as measures have them now."""
        ...

    def announced(self) -> str:
        """The prompt that all callers are to hear; "" for none."""
        ...


class _Quiet:
    """No emergency."""

    def under(self, known: Queues) -> Queues:
        return known

    def announced(self) -> str:
        return ""


NOTHING = _Quiet()
"""Where nothing is ordered."""


class Surroundings:
    """An ivr.around.Around, and a Journal that learns from what passes through it.

    ``expect`` is told of each queue's expected wait (s) whenever it is another. ``emergencies``: what is ordered
    in them.
    """

    def __init__(
        self,
        journal: Journal,
        calls_between: CallsBetween,
        expect: Callable[[str, float | None], None] = lambda queue, seconds: None,
        emergencies: Ordered = NOTHING,
    ) -> None:
        self._emergencies = emergencies
        self._expect, self._told = expect, dict[str, float | None]()
        self._journal = journal
        self._calls_between = calls_between
        self._queues: defaultdict[str, WaitEstimate] = defaultdict(WaitEstimate)
        self._in: dict[str, str] = {}

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        """Learn from the event, and hand it on."""
        if type(event) in TELLING:
            self._learn(call_id, event)
        self._journal.append(call_id, seq, event)

    def _learn(self, call_id: str, event: AnyEvent) -> None:
        match event:
            case Queued():
                if self._in.get(call_id, event.queue) != event.queue:
                    self._queues[self._in[call_id]].left(call_id)
                self._in[call_id] = event.queue
                self._queues[event.queue].entered(call_id, event.at)
            case Answered():
                self._queues[self._in.pop(call_id, "")].answered(call_id, event.at)
            case QueueLeft() | Ended():
                self._queues[self._in.pop(call_id, "")].left(call_id)
        self._tell_expected()

    def _tell_expected(self) -> None:
        for queue, estimate in self._queues.items():
            expected = estimate.expected() if queue else None
            if expected != self._told.get(queue):
                self._told[queue] = expected
                self._expect(queue, expected)

    def waiting(self, queue: str) -> int:
        """As Around.waiting."""
        return self._queues[queue].waiting

    def expected_wait(self, queue: str) -> float | None:
        """As Around.expected_wait."""
        return self._queues[queue].expected()

    def queues(self, known: Queues) -> Queues:
        """As Around.queues."""
        return self._emergencies.under(known)

    def announcement(self) -> str:
        """As Around.announcement."""
        return self._emergencies.announced()

    async def calls_between(self, caller: str, since: float, until: float) -> int:
        """As Around.calls_between."""
        return await self._calls_between(caller, since, until)
