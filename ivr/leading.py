"""Where the clock leads who waits in a queue: over to another one, or back into the flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivr.channel import QueueResult
from ivr.flow.queues import Queues, chain, first_open
from ivr.flow.zoned import EVER

MINUTE = 60.0
"""Seconds between two looks at a queue's hours: written to the minute, and the clock may be set at any time."""

OVERFLOW = "overflow"
"""Why a call waits in another queue than its node's: it has waited so long as ``overflow-after`` says."""

CLOSED = QueueResult.CLOSED.value
"""Why else: its queue is closed, and nobody of it is left on duty."""

EMERGENCY = "emergency"
"""Why else: a supervisor has closed its queue, or sent it elsewhere."""


@dataclass(frozen=True, slots=True)
class LedOn:
    """To another queue, and why."""

    queue: str
    why: str


@dataclass(frozen=True, slots=True)
class Leading:
    """``queues``: as they are now; ``now``: seconds since 1970.

    Who waits already when a queue closes is not sent away: they wait on, for as long as somebody on duty could take
    them. When nobody is left they are led to the first open queue of the overflow, else back into the flow. Who waits
    in a queue that an emergency measure suspends is led there at once.
    """

    queues: Callable[[], Queues]
    now: Callable[[], float]

    def due(self, queue: str, waited: float, on_duty: Callable[[], bool]) -> LedOn | QueueResult | None:
        """What is to become now of a call that has waited so long (s) in all; None: it waits on."""
        known = self.queues().get(queue)
        if known is None:
            return None
        if known.suspended:
            onward = self._onward(queue)
            return LedOn(onward, EMERGENCY) if onward else QueueResult.CLOSED
        if not known.opening.on(self.now()):
            return None if on_duty() else self.closed(queue) or QueueResult.CLOSED
        if known.overflow_after is None or waited < known.overflow_after:
            return None
        onward = self._onward(queue)
        return LedOn(onward, OVERFLOW) if onward else None

    def closed(self, queue: str) -> LedOn | None:
        """Where a call goes on whose queue takes it no longer; None: back into the flow."""
        onward = self._onward(queue)
        return LedOn(onward, CLOSED) if onward else None

    def look_again(self, queue: str, waited: float) -> float | None:
        """In how many seconds ``due`` may say something else; None: never."""
        known = self.queues().get(queue)
        if known is None:
            return None
        after = known.overflow_after
        left = None if after is None or waited >= after else after - waited
        if known.opening.hours == EVER.hours and (after is None or left is not None):
            return left
        minute = MINUTE - self.now() % MINUTE
        return minute if left is None else min(minute, left)

    def _onward(self, queue: str) -> str | None:
        known = self.queues()
        return first_open(known, chain(known, queue)[1:], self.now())
