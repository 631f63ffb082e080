"""One run of a scenario: the real router, told what happens by a virtual clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count
from random import Random

from msgspec.structs import replace

from routing.demand import meets
from routing.events import (
    ContactTurnedAway,
    ConversationEnded,
    Decision,
    Enqueued,
    Event,
    MakeOffer,
    OfferAccepted,
    OperatorJoined,
    OperatorLeft,
    OperatorStateChanged,
    Tick,
    Withdrawn,
)
from routing.model import Contact, Offer, Operator
from routing.router import Router
from routing.simulate.scenario import Call, Scenario, Stream
from routing.simulate.tally import Count, Period, Tally
from routing.states import ON_DUTY

Watch = Callable[[Router, Event, list[Decision], float], None]
"""Is told of each event with the router's decisions, at its moment (s)."""


class _Open:
    """A call that is not over. ``been``: the queues that it has waited in, the present one last."""

    __slots__ = ("been", "call", "count", "offer", "stream", "talking")

    def __init__(self, call: Call, stream: Stream, counted: Count, queue: str) -> None:
        self.call, self.stream, self.count, self.been = call, stream, counted, [queue]
        self.talking = False
        self.offer: Offer | None = None

    def contact(self, name: str) -> Contact:
        """As the router is to have it, in the queue in which it waits."""
        return replace(self.stream.contact, id=name, since=self.call.at, queue=self.been[-1])


def run(scenario: Scenario, seed: str, *, periods: int = 1, watch: Watch | None = None) -> list[Period]:
    """What came of it, period by period (of equal length, after the warm-up). Raises ValueError as Router does."""
    return _Run(scenario, seed, periods, watch).go()


class _Run:
    def __init__(self, scenario: Scenario, seed: str, periods: int, watch: Watch | None) -> None:
        self._scenario, self._watch = scenario, watch
        tokens = count(1)
        self._router = Router(
            scenario.queues,
            tokens=lambda: f"t{next(tokens)}",
            chance=Random(f"{seed}/router"),  # noqa: S311
        )
        names = (staff.operator.id for staff in scenario.staff)
        self._tally = Tally(len(scenario.streams), names, scenario.warm_up, scenario.length, periods)
        self._open: dict[str, _Open] = {}
        self._todo: list[tuple[float, int, Callable[..., None], tuple[object, ...]]] = []
        self._number = count()
        self._names = count()
        for staff in scenario.staff:
            for start, end in staff.shifts:
                self._at(start, self._join, staff.operator)
                self._at(end, self._leave, staff.operator.id)
        for index, stream in enumerate(scenario.streams):
            self._next(index, stream, stream.arrivals(seed))

    def go(self) -> list[Period]:
        """Until nothing is to come."""
        deadline, todo = self._router.deadline, self._todo
        while True:
            due = deadline()
            if todo and (due is None or todo[0][0] <= due):
                at, _, act, arguments = heappop(todo)
                act(at, *arguments)
            elif due is not None and (self._open or due <= self._scenario.length):
                self._tell(Tick(), due)
            else:
                break
        for call in self._open.values():
            call.count.unserved += 1
        self._tally.close(self._scenario.length)
        return self._tally.periods

    def _at(self, at: float, act: Callable[..., None], *arguments: object) -> None:
        if at < math.inf:
            heappush(self._todo, (at, next(self._number), act, arguments))

    def _next(self, index: int, stream: Stream, calls: Iterator[Call]) -> None:
        call = next(calls, None)
        if call is not None and call.at < self._scenario.length:
            self._at(call.at, self._arrive, call, index, stream, calls)

    def _arrive(self, at: float, call: Call, index: int, stream: Stream, calls: Iterator[Call]) -> None:
        counted = self._tally.count(index, at)
        counted.came += 1
        lead, queue = self._scenario.lead, stream.contact.queue
        entry = lead.entry(queue, at) if lead is not None else queue
        if self._scenario.lines is not None and len(self._open) >= self._scenario.lines:
            counted.blocked += 1
        elif entry is None:
            counted.turned_away += 1
        else:
            name = f"c{next(self._names)}"
            came = self._open[name] = _Open(call, stream, counted, entry)
            self._tell(Enqueued(came.contact(name)), at)
            self._at(at + min(call.patience, stream.max_wait), self._give_up, name)
            self._look_later(at, name)
        self._next(index, stream, calls)

    def _look_later(self, at: float, name: str) -> None:
        call, lead = self._open.get(name), self._scenario.lead
        if call is None or call.talking or lead is None:
            return
        after = lead.look_again(call.been[-1], at - call.call.at, at)
        if after is not None:
            self._at(at + after, self._look, name)

    def _look(self, at: float, name: str) -> None:
        """Whether the clock leads a waiting call elsewhere: not while a phone rings for it, and never back."""
        call, lead = self._open.get(name), self._scenario.lead
        if call is None or call.talking or lead is None:
            return
        if call.offer is not None and self._router.is_pending(call.offer):
            self._at(at + 1.0, self._look, name)
            return
        queue = call.been[-1]
        to = lead.where(queue, at - call.call.at, at, lambda: self._on_duty(call.stream.contact))
        if to is None:
            del self._open[name]
            call.count.waits.append(at - call.call.at)
            call.count.turned_away += 1
            self._tell(Withdrawn(name), at)
        elif to not in call.been:
            call.been.append(to)
            self._tell(Withdrawn(name), at)
            self._tell(Enqueued(call.contact(name)), at)
            self._look(at, name)
        else:
            self._look_later(at, name)

    def _on_duty(self, contact: Contact) -> bool:
        """Whether somebody is there who could take this call, now or after the one that is at them."""
        terms = (contact.needs, *(needs for _, needs in contact.relax))
        there = [each.operator.skills for each in self._router.board.roster if each.state in ON_DUTY]
        return any(meets(skills, needs) for skills in there for needs in terms)

    def _give_up(self, at: float, name: str) -> None:
        call = self._open.get(name)
        if call is not None and not call.talking:
            del self._open[name]
            call.count.waits.append(at - call.call.at)
            if call.call.patience <= call.stream.max_wait:
                call.count.abandoned += 1
            else:
                call.count.timed_out += 1
            self._tell(Withdrawn(name), at)

    def _picked_up(self, at: float, offer: Offer) -> None:
        call = self._open.get(offer.contact)
        if call is None or not self._router.is_pending(offer):
            return
        call.talking = True
        wait = at - call.call.at
        call.count.answered += 1
        call.count.in_time += wait <= self._scenario.within
        call.count.waits.append(wait)
        self._at(at + call.call.service, self._hang_up, offer)
        self._tell(OfferAccepted(offer.token), at)

    def _hang_up(self, at: float, offer: Offer) -> None:
        del self._open[offer.contact]
        self._tell(ConversationEnded(offer.token), at)

    def _join(self, at: float, operator: Operator) -> None:
        self._tell(OperatorJoined(operator, ready=True), at)

    def _leave(self, at: float, operator: str) -> None:
        self._tell(OperatorLeft(operator), at)

    def _tell(self, event: Event, at: float) -> None:
        decisions = self._router.handle(event, at)
        if self._watch is not None:
            self._watch(self._router, event, decisions, at)
        for decision in decisions:
            match decision:
                case OperatorStateChanged(operator, state, _, since):
                    self._tally.operator(operator, state, since)
                case MakeOffer(offer):
                    self._open[offer.contact].offer = offer
                    self._at(at + self._scenario.pick_up, self._picked_up, offer)
                case ContactTurnedAway(contact, _):
                    self._open.pop(contact).count.turned_away += 1
