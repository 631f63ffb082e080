"""The asyncio shell around the router: carries its decisions out, and wakes it exactly when something falls due."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from functools import partial

import structlog

from routing import views
from routing.alarm import Alarm
from routing.board import check
from routing.bus import OPERATORS, QUEUES, Bus
from routing.bus.memory import MemoryBus
from routing.clock import steady
from routing.demand import Unmet, meets
from routing.events import (
    ContactChanged,
    ContactTurnedAway,
    ConversationEnded,
    Decision,
    Enqueued,
    Event,
    MakeOffer,
    NotReady,
    OfferAccepted,
    OperatorChanged,
    OperatorJoined,
    OperatorLeft,
    OperatorStateChanged,
    QueueChanged,
    QueueRemoved,
    Ready,
    TalkFound,
    Tick,
    WaitExpected,
    Withdrawn,
    WithdrawOffer,
)
from routing.explain.snapshot import Snapshot
from routing.explain.written import Written, written
from routing.model import Contact, Needs, Offer, OfferState, Operator, Queue
from routing.ports import Owner
from routing.router import Router
from routing.states import ON_DUTY
from routing.views import OperatorView, QueueView
from routing.waiting import Waiting

_log = structlog.get_logger(__name__)


class Dispatcher:
    """Operators and calls come here; nothing here waits but ``Waiting.offer``.

    ``now``: seconds since 1970 by a clock that does not jump (routing.clock). ``bus`` carries notices of changes.
    ``on_operator`` is told of every change of an operator's state, in order, so that it can be kept over a restart.
    """

    def __init__(
        self,
        router: Router,
        now: Callable[[], float] | None = None,
        *,
        bus: Bus | None = None,
        on_operator: Callable[[OperatorStateChanged], None] | None = None,
    ) -> None:
        self.bus: Bus = bus if bus is not None else MemoryBus()
        self.decides_within = 0.0
        self._router = router
        self._now = now if now is not None else steady()
        self._on_operator = on_operator
        self._owners: dict[str, Owner] = {}
        self._decisions: deque[Decision] = deque()
        self._applying = False
        self._alarm = Alarm(router.deadline, self._now)

    def running(self) -> AbstractAsyncContextManager[None]:
        """What falls due happens for as long as this lasts."""
        return self._alarm.calling(lambda: self.tell(Tick()))

    # Operators

    def join(self, operator: Operator, ready: bool = False, reason: str = "") -> None:
        """An operator is on the roster. ``reason``: why not ready."""
        self.tell(OperatorJoined(operator, ready, reason))

    def change(self, operator: Operator) -> None:
        """An operator's skills are others."""
        self.tell(OperatorChanged(operator))

    def leave(self, operator_id: str) -> None:
        """An operator goes, after the call that is at them."""
        self.tell(OperatorLeft(operator_id))

    def ready(self, operator_id: str) -> None:
        """An operator takes calls."""
        self.tell(Ready(operator_id))

    def not_ready(self, operator_id: str, reason: str = "") -> None:
        """An operator takes no calls, after the call that is at them."""
        self.tell(NotReady(operator_id, reason))

    def restore_talking(self, operator_id: str, contact_id: str, queue: str = "") -> bool:
        """A conversation was found going on (after a restart); ``talk_ended`` ends it. False: no such operator."""
        self.tell(TalkFound(operator_id, contact_id, queue))
        return self._lease_state(contact_id) is OfferState.ACCEPTED

    def talk_ended(self, contact_id: str) -> None:
        """The contact's conversation is over. Harmless when there is none."""
        record = self._router.board.room.get(contact_id)
        if record is not None and record.lease is not None:
            self.tell(ConversationEnded(record.lease.offer.token))
            self._queue_changed(record.contact.queue)

    # Queues and contacts

    def set_queues(self, queues: Iterable[Queue], contacts: Iterable[Contact] = ()) -> None:
        """These are the queues from now on; who waits in another one is turned away.

        ``contacts``: those who wait, but with other needs or in another queue than before; they keep their time.
        Raises ValueError, before anything changes, when a strategy is unknown.
        """
        wanted = {queue.name: queue for queue in queues}
        for queue in wanted.values():
            check(queue)
        for queue in wanted.values():
            self.tell(QueueChanged(queue))
        for contact in contacts:
            self._change(contact)
        for name in [name for name in self._router.board.queues if name not in wanted]:
            self.tell(QueueRemoved(name))

    def enqueue(self, contact: Contact) -> Waiting:
        """``async with dispatcher.enqueue(contact) as waiting``: the contact waits until the context ends."""
        return Waiting(self, contact)

    def expect(self, queue: str, seconds: float | None) -> None:
        """Whoever comes to this queue now is likely to wait so long (s); None: that is not known."""
        self.tell(WaitExpected(queue, seconds))

    def _change(self, contact: Contact) -> None:
        waiting = self._owners.get(contact.id)
        if waiting is None:
            return
        before, waiting.contact = waiting.contact, contact
        self.tell(ContactChanged(contact))
        for queue in {before.queue, contact.queue}:
            self._queue_changed(queue)

    def unmet(self, needs: Needs) -> Unmet | None:
        """Why nobody on the roster, whatever their state, could meet ``needs``; None when somebody can."""
        return self._router.unmet(needs)

    def on_duty(self, needs: Needs) -> bool:
        """Whether somebody who takes calls, now or as soon as the present one is over, could meet ``needs``."""
        return any(
            record.state in ON_DUTY and meets(record.operator.skills, needs) for record in self._router.board.roster
        )

    def operators(self) -> list[OperatorView]:
        """Every operator on the roster."""
        return views.of_operators(self._router.board)

    def queues(self) -> list[QueueView]:
        """Every queue."""
        return views.of_queues(self._router.board, self._now())

    # For Waiting

    def take_over(self, waiting: Owner) -> None:
        """The contact is this session's from now on; what was known of it (a restored conversation) is over."""
        contact = waiting.contact
        earlier = self._owners.get(contact.id)
        if earlier is not None:
            earlier.turned_away("another session has taken the call over")
        if self._router.board.room.get(contact.id) is not None:
            self.tell(Withdrawn(contact.id))
        self._owners[contact.id] = waiting
        self.tell(Enqueued(contact))
        self._queue_changed(contact.queue)

    def release(self, waiting: Owner) -> None:
        """The session leaves the queue."""
        if self._owners.get(waiting.contact.id) is waiting:
            del self._owners[waiting.contact.id]
            if self._router.board.room.get(waiting.contact.id) is not None:
                self.tell(Withdrawn(waiting.contact.id))
            self._queue_changed(waiting.contact.queue)

    def seen(self, contact_id: str) -> Written | None:
        """What the router sees of a contact that waits, and why nobody is offered it; None when it does not wait."""
        seen = self._router.seen_waiting(contact_id, self._now())
        return written(seen) if seen is not None else None

    def answered(self, offer: Offer) -> None:
        """The operator of this offer picked up: the two do talk, whatever became of the offer."""
        self.tell(OfferAccepted(offer.token))
        if self._lease_state(offer.contact) is not OfferState.ACCEPTED:
            _log.warning("the offer had lapsed when the operator picked up", operator=offer.operator)
            if not self.restore_talking(offer.operator, offer.contact, offer.queue):
                self.tell(Withdrawn(offer.contact))
        self._queue_changed(offer.queue)

    def _lease_state(self, contact_id: str) -> OfferState | None:
        record = self._router.board.room.get(contact_id)
        return record.lease.state if record is not None and record.lease is not None else None

    # The router

    def tell(self, event: Event) -> None:
        """Let the router know, and do what it decides."""
        self._decisions.extend(self._router.handle(event, self._now()))
        if self._applying:  # told by somebody who is being told: their turn comes after
            return
        self._applying = True
        try:
            while self._decisions:
                self._apply(self._decisions.popleft())
        finally:
            self._applying = False
        self._alarm.set()

    def _apply(self, decision: Decision) -> None:
        match decision:
            case MakeOffer(offer):
                self._make(offer)
            case WithdrawOffer(offer, _):
                self._withdraw(offer)
            case OperatorStateChanged():
                self._operator_changed(decision)
            case ContactTurnedAway(contact_id, why) if contact_id in self._owners:
                self._owners[contact_id].turned_away(why)

    def _make(self, offer: Offer) -> None:
        owner = self._owners.get(offer.contact)
        if owner is None:
            self.tell(Withdrawn(offer.contact))  # nobody is there to ring for it
        elif self._router.is_pending(offer):
            seen = self._seen(offer)
            owner.offered(offer)
            if seen is not None:
                owner.decided(partial(written, seen))
            self._queue_changed(offer.queue)

    def _seen(self, offer: Offer) -> Snapshot | None:
        try:
            return self._router.seen(offer)
        except Exception:
            _log.exception("what the router saw could not be kept; calls go on", operator=offer.operator)
            return None

    def _withdraw(self, offer: Offer) -> None:
        owner = self._owners.get(offer.contact)
        if owner is not None:
            owner.withdrawn(offer)

    def _operator_changed(self, change: OperatorStateChanged) -> None:
        self.bus.publish(
            OPERATORS,
            {
                "operator": change.operator,
                "state": change.state.value,
                "reason": change.reason,
                "since": change.since,
            },
        )
        if self._on_operator is not None:
            try:
                self._on_operator(change)
            except Exception:
                _log.exception("an operator's change could not be told; calls go on", operator=change.operator)

    def _queue_changed(self, queue: str) -> None:
        self.bus.publish(QUEUES, {"queue": queue})
