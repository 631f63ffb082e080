"""A call's time in a queue, on any kind of line: music, an operator's phone rings, the two talk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from ivr.call import Call
from ivr.calllog.events import Queued
from ivr.channel import Line, QueueRequest, QueueResult
from ivr.golive.standing import Standing
from ivr.on_hold import LEAST_LEFT, OnHold
from ivr.recordings import Recordings
from ivr.ringing import Stay
from routing.model import Contact
from routing.ports import Routing
from routing.waiting import Waiting

_log = structlog.get_logger(__name__)


class Queueing:
    """Queues for every channel's ``enqueue``.

    ``now``: the wall clock, for the log (s since 1970). ``steady``: the dispatcher's clock, for all that waits (s).
    ``free_to_ring`` gets each time (s) from an offer's making to the command that rings the phone. ``standing`` knows
    who waits, what they need of the router, and what a new version of the service means for them.
    """

    def __init__(
        self,
        dispatcher: Routing,
        recordings: Recordings,
        *,
        now: Callable[[], float],
        steady: Callable[[], float],
        free_to_ring: Callable[[float], None],
        standing: Standing | None = None,
    ) -> None:
        self._dispatcher = dispatcher
        self._standing = standing or Standing(dispatcher)
        self._recordings = recordings
        self._now, self._steady, self._free_to_ring = now, steady, free_to_ring

    async def wait(self, call: Call, line: Line, request: QueueRequest) -> QueueResult:
        """Wait for an operator, talk to them, come back when they have hung up.

        A call that waited already (before its engine was restarted, or in a queue that took it no longer) keeps its
        time, and so does one that is led to another queue meanwhile. Raises CallerGone; whatever happens, the contact
        has left the queue afterwards, and the log says how.
        """
        request = self._standing.today(call, request)
        now, steady = self._now(), self._steady()
        resumed = call.state.waiting
        earlier = call.state.queued_since if resumed else call.state.turned_away
        since = now if earlier is None else min(earlier, now)
        began = steady - (now - since)
        left = min(LEAST_LEFT, request.max_wait) if resumed else request.max_wait
        until = max(began + request.max_wait, steady + left)
        why, been = "", set[str]()
        while True:
            been.add(request.queue)
            unmet, queue = self._unmet(request), request.queue
            call.log(Queued(at=self._now(), queue=queue, needs=request.needs, since=since, why=why, unmet=unmet))
            contact = self._standing.routed(Contact(call.state.call_id, request.queue, began), request)
            async with self._dispatcher.enqueue(contact) as waiting:
                stay = self._stay(call, line, request, waiting)
                wait = OnHold(stay, until, self._standing.leading(call, self._now), been)
                with self._standing.waiting(wait):
                    came = await wait.run()
            if isinstance(came, QueueResult):
                return came
            request, until, why = replace(wait.request, queue=came.queue, hold=""), wait.until, came.why

    def _stay(self, call: Call, line: Line, request: QueueRequest, waiting: Waiting) -> Stay:
        return Stay(
            call,
            line,
            request,
            waiting,
            self._recordings,
            now=self._now,
            steady=self._steady,
            free_to_ring=self._free_to_ring,
        )

    def _unmet(self, request: QueueRequest) -> str:
        """Why nobody on the roster could take the call; "" when somebody can."""
        why = self._standing.unmet(request)
        if why is not None:
            _log.warning("no operator could take this call", queue=request.queue, why=str(why))
        return "" if why is None else str(why)
