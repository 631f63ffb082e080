"""What surrounds a virtual call: the real session, router and dispatcher, and in memory what would be outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from ivr.call import Call
from ivr.calllog.events import AnyEvent, Identified, LanguageChosen, Offered, Started
from ivr.calllog.state import CallState
from ivr.channel import Line, QueueRequest, QueueResult
from ivr.flow.queues import chain
from ivr.flow.service import Line as ServiceLine
from ivr.flow.service import Route
from ivr.flowtest.caller import Caller
from ivr.flowtest.clock import VirtualLoop
from ivr.flowtest.example import Circumstances, Staff
from ivr.flowtest.line import VirtualLine
from ivr.flowtest.outside import KnownRequests, Scene, Unrecorded, unmeasured
from ivr.identifiers.registry import identifiers
from ivr.identifiers.ticket_number import check_digit
from ivr.numbers import normalise
from ivr.queueing import Queueing
from ivr.session import Session
from ivr.speech import Prompts
from routing.dispatcher import Dispatcher
from routing.model import Needs, Operator, Queue
from routing.router import Router

TICKET = int("1000000" + check_digit("1000000"))
"""The number of every virtual call's own request."""

_NOWHERE = Path("calls")
_UNRECORDED = Unrecorded(_NOWHERE)

Told = Callable[[AnyEvent], None]
"""Hears of each event of the call as it comes."""


@dataclass(slots=True)
class Traces:
    """What a call left behind. ``request``: what was last asked of a queue; ``offered``: whose phones rang."""

    state: CallState
    request: QueueRequest | None
    offered: list[str]


class _Clock:
    """The time of a call's world. By itself, so that a call that is over is dropped at once: no circle holds it."""

    __slots__ = ("_base", "_loop")

    def __init__(self, loop: VirtualLoop, base: float) -> None:
        self._loop, self._base = loop, base

    def now(self) -> float:
        """Seconds since 1970."""
        return self._base + self._loop.elapsed


class World:
    """One virtual call in its circumstances, on the running VirtualLoop. ``traces``: what it leaves behind."""

    def __init__(
        self,
        session: Session,
        prompts: Prompts,
        given: Circumstances,
        caller: Caller,
        *,
        told: Told | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self._loop = loop
        self._began = loop.time()
        self._now = _Clock(loop, given.at.timestamp() - self._began).now
        self._session, self._prompts, self._given, self._told = session, prompts, given, told
        self._service = session.service
        self._caller = caller
        self._staff = {staff.name: staff for staff in given.staff}
        self._router: Router | None = None
        self._dispatcher: Dispatcher | None = None
        self._later: list[asyncio.TimerHandle] = []
        self.traces = Traces(CallState("example"), None, [])

    async def walk(self) -> Traces:
        """The call from its beginning to its end."""
        route = self._service.route(self._given.dials, self._now())
        call = self._call(route.line)
        self._begin(call, route)
        try:
            await self._session.run(call)
        finally:
            for timer in self._later:
                timer.cancel()
            if self._router is not None:
                self._router.board.drop()
        return self.traces

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        """As Journal.append."""
        if type(event) is Offered:
            self.traces.offered.append(event.operator)
        if self._told is not None:
            self._told(event)

    def seal(self, kind: str, value: str) -> Identified:
        """As Vault.seal; nothing is kept."""
        return Identified(at=self._now(), kind=kind, masked=identifiers()[kind].mask(value), sealed="", digest="")

    def remember(self, caller: str, language: str) -> None:
        """As Languages.remember; the call is the last one of its world."""

    def _call(self, line: ServiceLine) -> Call:
        scene = Scene(self._given)
        return Call(
            state=self.traces.state,
            channel=VirtualLine(self._caller, self._staff, self._enqueue, self._loop, disk_full=self._given.disk_full),
            prompts=self._prompts,
            journal=self,
            requests=KnownRequests(self._given, self._given.at.date()),
            around=scene,
            systems=scene,
            vault=self,
            languages=self,
            now=self._now,
            offered_languages=line.languages,
            messages=_NOWHERE,
        )

    def _begin(self, call: Call, route: Route) -> None:
        given, at = self._given, self._now()
        call.log(
            Started(
                at=at,
                ticket=TICKET,
                called=route.called,
                caller=(normalise(given.caller) or "") if given.caller else "",
                line=route.line.name,
                region=route.line.region,
                language=route.line.languages[0],
                flow=route.flow,
                dialled=given.dials,
            )
        )
        if given.language in route.line.languages and given.language is not None:
            call.log(LanguageChosen(at=at, language=given.language))

    async def _enqueue(self, call: Call, line: Line, request: QueueRequest) -> QueueResult:
        self.traces.request = request
        if self._dispatcher is None:
            self._dispatcher = self._staffed(request)
        else:
            self._dispatcher.set_queues(self._queues(request))
            for staff in self._staff.values():
                if staff.skills is None:
                    self._dispatcher.change(Operator(staff.name, _all(request)))
        queueing = Queueing(self._dispatcher, _UNRECORDED, now=self._now, steady=self._now, free_to_ring=unmeasured)
        async with self._dispatcher.running():
            return await queueing.wait(call, line, request)

    def _staffed(self, request: QueueRequest) -> Dispatcher:
        """The dispatcher with the operators on duty, each ready when the example says so."""
        tokens = count()
        self._router = Router(self._queues(request), tokens=lambda: str(next(tokens)))
        dispatcher = Dispatcher(self._router, self._now)
        for staff in self._staff.values():
            after = None if staff.ready is None else staff.ready - (self._loop.elapsed - self._began)
            dispatcher.join(Operator(staff.name, _skills(staff, request)), ready=after is not None and after <= 0)
            if after is not None and after > 0:
                self._later.append(self._loop.call_later(after, dispatcher.ready, staff.name))
        return dispatcher

    def _queues(self, request: QueueRequest) -> list[Queue]:
        """Those that the call may wait in now: a router of all of them would cost as much as the call."""
        known, closed = self._service.queues, self._given.closed
        queues = [known[name] for name in chain(known, request.queue)]
        return [replace(queue, open=False) if queue.name in closed else queue for queue in queues]


def _skills(staff: Staff, request: QueueRequest) -> Needs:
    return _all(request) if staff.skills is None else staff.skills


def _all(request: QueueRequest) -> Needs:
    return {skill: 5 for needs in (request.needs, *(relaxed for _, relaxed in request.relax)) for skill in needs}
