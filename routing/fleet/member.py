"""An engine of a fleet: routing.ports.Routing, decided by whoever leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager

import structlog

from routing.board import check
from routing.bus import OPERATORS, QUEUES, Bus
from routing.bus.memory import MemoryBus
from routing.demand import Unmet, meets, unmet
from routing.events import Enqueued, Event, OfferFailed, OperatorStateChanged
from routing.explain.written import Written, written
from routing.fleet import messages as say
from routing.fleet.messages import Message, Talk
from routing.fleet.mirror import Mirror
from routing.fleet.unanswered import unanswered
from routing.model import Contact, Needs, Offer, Operator, OperatorState, Queue
from routing.states import ON_DUTY
from routing.views import OperatorView, QueueView
from routing.waiting import Waiting

_log = structlog.get_logger(__name__)

DECIDES_WITHIN = 0.05
"""Seconds to a leader and back by Redis, with room to spare: a caller hears nothing of it."""


class Member:
    """Holds this engine's calls and operators, tells them to the leader, and hears what it decides.

    ``send`` takes what is to be told; what it loses, ``announce`` tells again. ``on_operator`` is told of each change
    of an operator who is at home here. ``running``: what carries the messages.
    """

    def __init__(
        self,
        engine: str,
        now: Callable[[], float],
        send: Callable[[Message], None],
        running: Callable[[], AbstractAsyncContextManager[None]],
        *,
        on_operator: Callable[[OperatorStateChanged], None] | None = None,
    ) -> None:
        self.bus: Bus = MemoryBus()
        self.decides_within = DECIDES_WITHIN
        self.mirror = Mirror(engine)
        self.running = running
        self._engine, self._now, self._send, self._on_operator = engine, now, send, on_operator
        self._waitings: dict[str, Waiting] = {}
        self._idle: set[str] = set()
        self._offers: dict[str, Offer] = {}
        self._talks: dict[str, Talk] = {}
        self._queues: list[Queue] = []

    # Operators

    def join(self, operator: Operator, ready: bool = False, reason: str = "") -> None:
        """See Dispatcher."""
        self.mirror.join(operator, ready, reason, self._now())
        self._send(say.Joined(operator, ready, reason))

    def change(self, operator: Operator) -> None:
        """See Dispatcher."""
        self.mirror.change(operator)
        self._send(say.Changed(operator))

    def leave(self, operator_id: str) -> None:
        """See Dispatcher."""
        self.mirror.remove(operator_id)
        self._send(say.Removed(operator_id))

    def ready(self, operator_id: str) -> None:
        """See Dispatcher. The operator is at home at this engine from now on."""
        if operator_id in self.mirror.operators:
            self.mirror.ready(operator_id, self._now())
            self._send(say.Ready(self.mirror.operators[operator_id].operator, self._now()))

    def not_ready(self, operator_id: str, reason: str = "") -> None:
        """See Dispatcher."""
        if operator_id in self.mirror.operators:
            self.mirror.not_ready(operator_id, reason, self._now())
            self._send(say.NotReady(operator_id, reason))

    def restore_talking(self, operator_id: str, contact_id: str, queue: str = "") -> bool:
        """See Dispatcher."""
        if operator_id not in self.mirror.operators:
            return False
        self._talks[contact_id] = Talk(operator_id, contact_id, queue)
        self._send(say.Talking(self._talks[contact_id]))
        return True

    def talk_ended(self, contact_id: str) -> None:
        """See Dispatcher."""
        if self._talks.pop(contact_id, None) is not None:
            self._send(say.TalkEnded(contact_id))

    # Queues and contacts

    def set_queues(self, queues: Iterable[Queue], contacts: Iterable[Contact] = ()) -> None:
        """See Dispatcher. Where engines have different rules for a queue, the leader's hold."""
        wanted, changed = list(queues), list(contacts)
        for queue in wanted:
            check(queue)
        self._queues = wanted
        for contact in changed:
            if contact.id in self._waitings:
                self._waitings[contact.id].contact = contact
        self._send(say.Queues(wanted, changed))

    def enqueue(self, contact: Contact) -> Waiting:
        """See Dispatcher."""
        return Waiting(self, contact)

    def expect(self, queue: str, seconds: float | None) -> None:
        """See Dispatcher. Of several engines' estimates the latest holds."""
        self._send(say.Expects(queue, seconds))

    def unmet(self, needs: Needs) -> Unmet | None:
        """See Dispatcher."""
        known = self.mirror.operators
        return unmet(needs, [known[id].operator for id in self.mirror.roster if id in known])

    def on_duty(self, needs: Needs) -> bool:
        """See Dispatcher."""
        roster, known = self.mirror.roster, self.mirror.operators
        there = [known[id] for id in roster if id in known and not known[id].away]
        return any(held.state in ON_DUTY and meets(held.operator.skills, needs) for held in there)

    def operators(self) -> list[OperatorView]:
        """See Dispatcher."""
        return self.mirror.views()

    def queues(self) -> list[QueueView]:
        """See Dispatcher: the whole fleet's."""
        return self.mirror.queues

    # For Waiting

    def take_over(self, waiting: Waiting) -> None:
        """See Dispatcher."""
        id = waiting.contact.id
        earlier = self._waitings.get(id)
        if earlier is not None:
            earlier.turned_away("another session has taken the call over")
        self._forget(id)
        self._waitings[id] = waiting
        self._send(say.Wait(waiting.contact))

    def release(self, waiting: Waiting) -> None:
        """See Dispatcher."""
        id = waiting.contact.id
        if self._waitings.get(id) is waiting:
            self._forget(id)
            self._send(say.Left(id))

    def seen(self, contact_id: str) -> Written | None:
        """See Dispatcher: by what the leader said last, which alone knows who else waits and in what place."""
        waiting = self._waitings.get(contact_id)
        if waiting is None or contact_id in self._offers or contact_id in self._talks:
            return None
        name, others = waiting.contact.queue, sum(queue.waiting for queue in self.mirror.queues) - 1
        queue = next((queue for queue in self._queues if queue.name == name), Queue(name))
        held = self.mirror.operators.values()
        return written(unanswered(waiting.contact, queue, held, max(0, others), self._now()))

    def answered(self, offer: Offer) -> None:
        """See Dispatcher."""
        self._offers.pop(offer.contact, None)
        self._idle.add(offer.contact)
        self._talks[offer.contact] = Talk(offer.operator, offer.contact, offer.queue)
        self._send(say.Accepted(offer))

    def tell(self, event: Event) -> None:
        """A contact waits again after an offer that lapsed, or an offer failed."""
        match event:
            case Enqueued(contact):
                self._idle.discard(contact.id)
                self._send(say.Wait(contact, again=True))
            case OfferFailed(token, outcome):
                offer = next((offer for offer in self._offers.values() if offer.token == token), None)
                if offer is not None:
                    del self._offers[offer.contact]
                    self._send(say.Failed(offer, outcome))

    def _forget(self, id: str) -> None:
        self._waitings.pop(id, None)
        self._offers.pop(id, None)
        self._talks.pop(id, None)
        self._idle.discard(id)

    # What the leader says

    def announcement(self) -> say.Announce:
        """All that this engine holds."""
        quiet = self._idle | self._offers.keys() | self._talks.keys()
        waitings = self._waitings
        return say.Announce(
            sorted(self.mirror.roster),
            list(self.mirror.operators.values()),
            self._queues,
            [waiting.contact for id, waiting in waitings.items() if id not in quiet],
            [(waitings[id].contact, offer) for id, offer in self._offers.items()],
            list(self._talks.values()),
        )

    def hear(self, message: Message) -> None:
        """The leader says this."""
        match message:
            case say.Offered(offer):
                self._offered(offer)
            case say.Decided(contact, seen) if contact in self._waitings:
                self._waitings[contact].decided(lambda: seen)
            case say.Lapsed(offer):
                self._lapsed(offer)
            case say.TurnedAway(contact, why) if contact in self._waitings:
                self._waitings[contact].turned_away(why)
            case say.TellAll():
                self._send(self.announcement())
            case say.Seen():
                self._saw(message)

    def _offered(self, offer: Offer) -> None:
        waiting = self._waitings.get(offer.contact)
        if waiting is None:
            self._send(say.Left(offer.contact))  # nobody is there to ring for it
        elif offer.contact not in self._talks:
            self._offers[offer.contact] = offer
            waiting.offered(offer)

    def _lapsed(self, offer: Offer) -> None:
        held = self._offers.get(offer.contact)
        if held is not None and held.token == offer.token:
            del self._offers[offer.contact]
            self._idle.add(offer.contact)
            self._waitings[offer.contact].withdrawn(offer)

    def _saw(self, seen: say.Seen) -> None:
        for id in seen.gone:
            self._keep(OperatorStateChanged(id, OperatorState.OFFLINE, "", self._now()))
        for held in self.mirror.saw(seen):
            view = held.view()
            self.bus.publish(
                OPERATORS, {"operator": view.id, "state": view.state.value, "reason": view.reason, "since": view.since}
            )
            if held.home == self._engine and not held.away:
                self._keep(OperatorStateChanged(view.id, view.state, view.reason, view.since))
        for queue in seen.queues or ():
            self.bus.publish(QUEUES, {"queue": queue.name})

    def _keep(self, change: OperatorStateChanged) -> None:
        if self._on_operator is None:
            return
        try:
            self._on_operator(change)
        except Exception:
            _log.exception("an operator's change could not be told; calls go on", operator=change.operator)
