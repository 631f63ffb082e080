"""All that the router knows, in one place for the functions that change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from routing.bucket import Bucket
from routing.events import ContactTurnedAway, Decision
from routing.index import Index
from routing.leases import Lease, Leases
from routing.model import Queue
from routing.orders import ORDERS
from routing.room import ContactRecord, Room
from routing.roster import Roster
from routing.strategies import STRATEGIES, Strategy
from routing.timers import Timers
from routing.waves import Waves


class Board:
    """Queues, operators, contacts, offers and timers; the decisions of the present event; who is to be placed.

    ``reserved``: the skills of which some queue leaves operators free.
    """

    def __init__(
        self,
        tokens: Callable[[], str],
        grace: float,
        expire: Callable[[Board, str, float], None],
        window: float,
    ) -> None:
        self.index = Index()
        self.timers = Timers()
        self.decisions: list[Decision] = []
        self.placing: list[ContactRecord] = []
        self.queues: dict[str, Queue] = {}
        self.reserved: frozenset[str] = frozenset()
        self.room = Room(
            self.index,
            self.timers,
            self.place,
            self._holds,
            self.queues,
            ready=lambda: self.roster.ready_bits,
            entered=self._entered,
        )
        self.roster = Roster(self.index, self.timers, self.decide, window, self.room.let_go)
        self.waves = Waves(self.index, self.roster, self.timers, self.place)
        self.leases = Leases(self.timers, tokens, grace, lambda token, now: expire(self, token, now))

    def decide(self, decision: Decision) -> None:
        """One more decision."""
        self.decisions.append(decision)

    def place(self, contact: ContactRecord) -> None:
        """Look for an operator for this waiting contact."""
        self.placing.append(contact)

    def wait(self, contact: ContactRecord, now: float) -> None:
        """Let the contact wait, and look for an operator."""
        self.room.wait(contact, now)
        self.placing.append(contact)

    def enter(self, contact: ContactRecord, now: float) -> None:
        """Let the contact wait, for its own operator first, and look for one."""
        if contact.contact.operator:
            self.room.hold(contact, now)
        self.wait(contact, now)

    def accept(self, lease: Lease) -> None:
        """The operator of this offer picked up."""
        self.leases.accept(lease)
        self.room.answered(lease.contact)

    def _entered(self, bucket: Bucket, now: float) -> None:
        self.waves.entered(bucket, now)

    def _holds(self, contact: ContactRecord) -> bool:
        """Whether the contact's own operator will take it: is on duty, can do it, and has not refused it."""
        operator = self.roster.get(contact.contact.operator)
        if operator is None or contact.refused_by(operator.operator.id):
            return False
        return bool(operator.bit & self.roster.duty_bits & self.index.skills.able(contact.needs))

    def strategy(self, contact: ContactRecord) -> Strategy:
        """How this waiting contact's operator is chosen."""
        return STRATEGIES[self.queues[contact.contact.queue].strategy]

    def closed(self, name: str) -> str:
        """Why nobody can wait in this queue; "" when they can."""
        queue = self.queues.get(name)
        if queue is None:
            return f"there is no queue {name}"
        return "" if queue.open else f"queue {name} is closed"

    def turn_away(self, contacts: Iterable[ContactRecord]) -> None:
        """Let these contacts wait no longer, for their queue does not take them."""
        for contact in contacts:
            self.room.leave(contact)
            self.decide(ContactTurnedAway(contact.contact.id, self.closed(contact.contact.queue)))

    def set_queue(self, queue: Queue, now: float) -> None:
        """A new queue, or new rules. Raises ValueError for an unknown strategy or order."""
        check(queue)
        before, self.queues[queue.name] = self.queues.get(queue.name), queue
        self.reserved = frozenset(skill for each in self.queues.values() for skill in each.leave_free)
        if before is None or _waiting_rules(before) != _waiting_rules(queue):
            self.room.reorder(queue, now)
        if not queue.open:
            self.clear(queue.name)

    def clear(self, queue: str) -> None:
        """Turn away everybody who waits in this queue. A phone that rings may still be answered."""
        self.turn_away([c for c in self.room if c.bucket is not None and c.contact.queue == queue])

    def drop(self) -> None:
        """Nothing is asked of it any more: its parts, which know it, go at once and not when garbage is looked for."""
        if not vars(self):
            return
        for record in self.roster:
            self.timers.cancel(record.after_call)
        self.room.drop()
        vars(self).clear()


def _waiting_rules(queue: Queue) -> tuple[object, ...]:
    return queue.order, queue.head_start, queue.leave_free, queue.share


def unknown(queue: Queue) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Each option of the queue that names what is not there, what it says, and what there is."""
    if queue.strategy not in STRATEGIES:
        yield "strategy", queue.strategy, sorted(STRATEGIES)
    if queue.order not in ORDERS:
        yield "order", queue.order, sorted(ORDERS)


def check(queue: Queue) -> None:
    """Raises ValueError when the queue's strategy or order is unknown."""
    for option, word, known in unknown(queue):
        raise ValueError(f"queue {queue.name}: there is no {option} {word!r}; known are: {', '.join(known)}")
