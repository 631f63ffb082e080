"""The calls that wait for an operator, and what a new version of the service does to each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from ivr.call import Call
from ivr.calllog.state import CallState
from ivr.channel import QueueRequest
from ivr.flow.queues import Queues
from ivr.flow.service import Service
from ivr.golive.fate import Fate, Outcome, fate
from ivr.leading import Leading
from routing.demand import Unmet
from routing.model import Contact, Needs
from routing.ports import Routing


class Wait(Protocol):
    """One call's wait in a queue."""

    @property
    def call(self) -> Call:
        """Who waits."""
        ...

    @property
    def request(self) -> QueueRequest:
        """What it waits with now."""
        ...

    @property
    def contact(self) -> Contact:
        """The same as the router has it."""
        ...

    def change(self, request: QueueRequest, why: str) -> None:
        """It waits with this from now on."""
        ...

    def look(self) -> None:
        """The queues have changed under it: where it is led may be another place now."""
        ...


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What another version would make of a waiting call. ``queue``: the one it waits in now."""

    call: CallState
    queue: str
    fate: Fate


class Standing:
    """Whoever waits in the queues of one engine.

    ``demand``: what a caller needs in a queue, when a flow says these needs. ``before`` is told of each new service
    before anybody's wait is judged by it. ``under``: queues as emergency measures have them now.
    """

    def __init__(
        self,
        dispatcher: Routing,
        *,
        demand: Callable[[str, Needs], Needs] = lambda _, needs: needs,
        before: Callable[[Service], None] = lambda _: None,
        under: Callable[[Queues], Queues] = lambda queues: queues,
    ) -> None:
        self._dispatcher, self._demand, self._before, self._under = dispatcher, demand, before, under
        self._live: Service | None = None
        self._waits: dict[int, Wait] = {}

    @contextmanager
    def waiting(self, wait: Wait) -> Iterator[None]:
        """This call waits for as long as this lasts."""
        self._waits[id(wait)] = wait
        try:
            yield
        finally:
            del self._waits[id(wait)]

    def leading(self, call: Call, now: Callable[[], float]) -> Leading:
        """Where the clock leads this call while it waits: by the queues that are live, whatever version it runs on."""
        return Leading(lambda: self._under((self._live or call.service).queues), now)

    def today(self, call: Call, request: QueueRequest) -> QueueRequest:
        """What a call of an older version asks for, now that it comes to a queue that may be gone meanwhile."""
        live = self._live
        if live is None or request.queue in live.queues:
            return request
        return fate(call.state, request, call.service, live).request

    def routed(self, contact: Contact, request: QueueRequest) -> Contact:
        """The contact as the router is to have it, waiting with this request."""
        queue = request.queue
        return Contact(
            contact.id,
            queue,
            contact.since,
            needs=self._demand(queue, request.needs),
            relax=tuple((after, self._demand(queue, needs)) for after, needs in request.relax),
            priority=request.priority,
            prefer=request.prefer,
            operator=request.operator,
            sticky=request.sticky,
            rises=request.rises,
            loosen=request.loosen,
        )

    def unmet(self, request: QueueRequest) -> Unmet | None:
        """Why nobody on the roster, whatever their state, could ever take a call that asks for this; else None."""
        *earlier, last = request.needs, *(needs for _, needs in request.relax)
        why = self._dispatcher.unmet(last)
        if why is None or any(self._dispatcher.unmet(needs) is None for needs in earlier):
            return None
        return why

    def in_vain(self) -> list[tuple[str, Unmet]]:
        """The queue of each call that waits for what nobody can do, and why."""
        requests = [wait.request for wait in self._listening()]
        return [(request.queue, why) for request in requests if (why := self.unmet(request)) is not None]

    def foresee(self, service: Service) -> list[Foreseen]:
        """What this version would mean for each call that waits now, the longest waiting first."""
        waits = sorted(self._listening(), key=lambda wait: wait.contact.since)
        return [Foreseen(wait.call.state, wait.request.queue, _fate(wait, service)) for wait in waits]

    def go_live(self, service: Service) -> None:
        """These are the queues from now on; every call that waits goes on as its fate has it."""
        self._live = service
        self._before(service)
        fates = [(wait, _fate(wait, service)) for wait in self._listening()]
        changed = [(wait, found.request) for wait, found in fates if found.outcome in (Outcome.CHANGED, Outcome.MOVED)]
        self._dispatcher.set_queues(
            [queue.routed for queue in service.queues.values()],
            [self.routed(wait.contact, request) for wait, request in changed],
        )
        for wait, request in changed:
            wait.change(request, f"version {service.version}")

    def look(self) -> None:
        """An emergency measure began or ended: everybody who waits looks where it leads them."""
        for wait in self._listening():
            wait.look()

    def _listening(self) -> list[Wait]:
        """A conversation is no wait any longer, though it is over only later."""
        return [wait for wait in self._waits.values() if wait.call.state.waiting]


def _fate(wait: Wait, service: Service) -> Fate:
    return fate(wait.call.state, wait.request, wait.call.service, service)
