"""Where calls wait by the hours and the overflow of queues.yaml: the engine's own rules, under the virtual clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivr.flow.queues import Queues, entry
from ivr.leading import Leading, LedOn


@dataclass(frozen=True, slots=True)
class ByTheClock:
    """Implements routing.simulate.scenario.Lead. ``midnight``: the day's beginning, in seconds since 1970."""

    queues: Queues
    midnight: float

    def entry(self, queue: str, at: float) -> str | None:
        """As Lead.entry."""
        return entry(self.queues, queue, self.midnight + at)

    def where(self, queue: str, waited: float, at: float, on_duty: Callable[[], bool]) -> str | None:
        """As Lead.where."""
        due = self._leading(at).due(queue, waited, on_duty)
        return due.queue if isinstance(due, LedOn) else queue if due is None else None

    def look_again(self, queue: str, waited: float, at: float) -> float | None:
        """As Lead.look_again."""
        return self._leading(at).look_again(queue, waited)

    def _leading(self, at: float) -> Leading:
        return Leading(lambda: self.queues, lambda: self.midnight + at)
