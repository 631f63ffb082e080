"""The waiting room: contacts, their places, their relaxations and who refused them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from routing.bucket import Bucket, LeaveFree, Order
from routing.demand import relaxations
from routing.index import Index
from routing.model import Contact, Needs, Queue
from routing.places import Places
from routing.timers import Timer, Timers

if TYPE_CHECKING:
    from routing.leases import Lease


@dataclass(slots=True, eq=False)
class ContactRecord:
    """A contact that waits (``bucket``), or is offered or talking (``lease``).

    ``order`` is its place by its queue's rules, then in the order of coming (``number``): kept for good, unless its
    ``priority`` rises; () once it is answered.
    ``leave_free``: its queue's. ``held``: only its contact's own operator is asked.
    ``refused``: operator -> until when (s). ``steps``: its relaxations in order, ``relaxed`` of which hold.
    """

    contact: Contact
    number: int
    priority: int
    order: Order
    needs: Needs
    steps: tuple[tuple[float, Needs], ...] = ()
    bucket: Bucket | None = None
    lease: Lease | None = None
    leave_free: LeaveFree = ()
    held: bool = False
    refused: dict[str, float] | None = None
    relaxed: int = 0
    timer: Timer | None = None

    @property
    def lapsed(self) -> bool:
        """Its offer ran out, and its session has not asked for another: it keeps its place, but does not wait."""
        return self.bucket is None and self.lease is None

    def refused_by(self, operator: str) -> bool:
        """Whether the operator refused it."""
        return self.refused is not None and operator in self.refused


class Room:
    """Every contact from its Enqueued until its caller leaves or its conversation ends.

    ``holds``: whether a contact may be held for its own operator. ``due`` is called with a contact whom a relaxation or
    the end of a refusal may have found an operator, and the time.
    """

    def __init__(
        self,
        index: Index,
        timers: Timers,
        due: Callable[[ContactRecord], None],
        holds: Callable[[ContactRecord], bool],
        queues: Mapping[str, Queue],
    ) -> None:
        self._index = index
        self._timers = timers
        self._due = due
        self._holds = holds
        self._queues = queues
        self._places = Places()
        self._contacts: dict[str, ContactRecord] = {}
        self._refused: dict[str, ContactRecord] = {}
        self._count = 0

    def __iter__(self) -> Iterator[ContactRecord]:
        return iter(self._contacts.values())

    def __len__(self) -> int:
        return len(self._contacts)

    @property
    def waiting(self) -> int:
        """How many wait: are neither offered nor talking."""
        return self._index.waiting

    def get(self, contact_id: str) -> ContactRecord | None:
        """The contact of this id."""
        return self._contacts.get(contact_id)

    def enter(self, contact: Contact, queue: Queue) -> ContactRecord:
        """A new contact; it does not wait yet."""
        self._count += 1
        record = ContactRecord(contact, self._count, contact.priority, (), contact.needs, relaxations(contact))
        self._places.follow(record, queue)
        self._contacts[contact.id] = record
        return record

    def wait(self, record: ContactRecord, now: float) -> None:
        """Let the contact wait in its place, with what it needs by now."""
        if record.relaxed < len(record.steps) or record.contact.rises:
            self._advance(record, now)
        record.held = record.held and self._holds(record)
        self._place(record)

    def hold(self, record: ContactRecord, now: float) -> None:
        """From its next wait on let only its own operator be asked for it, until the time for that is over."""
        until = record.contact.since + record.contact.sticky
        record.held = until > now
        if record.held:
            self._timers.set(until, self._held_long_enough, record)

    def _held_long_enough(self, record: ContactRecord, now: float) -> None:
        if now >= record.contact.since + record.contact.sticky:
            self._let_anybody(record)

    def _let_anybody(self, record: ContactRecord) -> None:
        if record.held:
            waits = record.bucket is not None
            self._index.remove(record)
            record.held = False
            if waits:
                self._place(record)
                self._due(record)

    def let_go(self, operator: str) -> None:
        """This operator may be able to do less: who waits for them in vain may go to anybody."""
        for record in [each for each in self._index.held(operator) if not self._holds(each)]:
            self._let_anybody(record)

    def _place(self, record: ContactRecord) -> None:
        if record.held:
            self._index.hold(record, record.contact.operator)
        else:
            self._index.add(record, self._index.bucket(record.needs, record.leave_free))

    def _advance(self, record: ContactRecord, now: float) -> None:
        """What is needed and how urgent it is by now; to be looked at again when that changes."""
        since, due = record.contact.since, inf
        for after, needs in record.steps[record.relaxed :]:
            if since + after > now:
                due = since + after
                break
            record.needs = needs
            record.relaxed += 1
        if record.contact.rises:
            due = min(due, self._rise(record, now))
        if due < inf:
            record.timer = self._timers.set(due, self._relaxed, record)

    def _rise(self, record: ContactRecord, now: float) -> float:
        """Raise the priority as far as it is due; when the next time is."""
        since, rises = record.contact.since, record.contact.rises
        priority = max((each for after, each in rises if since + after <= now), default=record.priority)
        if priority > record.priority:
            record.priority = priority
            self._places.follow(record, self._queues[record.contact.queue])
        return min((since + after for after, _ in rises if since + after > now), default=inf)

    def _relaxed(self, record: ContactRecord, now: float) -> None:
        self._index.remove(record)
        self.wait(record, now)
        self._due(record)

    def change(self, record: ContactRecord, contact: Contact, queue: Queue) -> None:
        """Let a contact that does not wait now need something else, or another queue, from its next wait on."""
        self._places.leave(record, answered=False)
        record.contact = contact = replace(contact, since=record.contact.since)
        record.priority = contact.priority
        self._places.follow(record, queue)
        record.needs, record.steps, record.relaxed, record.held = contact.needs, relaxations(contact), 0, False

    def reorder(self, queue: Queue) -> None:
        """Who is in this queue has the place that its rules give now."""
        records = [r for r in self._contacts.values() if r.contact.queue == queue.name and r.order]
        for record in self._places.cleared(records, queue):
            waits = record.bucket is not None
            self._index.remove(record)
            record.order = ()
            self._places.follow(record, queue)
            if waits:
                self._place(record)
                self._due(record)

    def answered(self, record: ContactRecord) -> None:
        """Somebody talks with the contact: it has no place among those who wait any more."""
        self._places.leave(record, answered=True)

    def refuse(self, record: ContactRecord, operator: str, now: float, reask: float) -> None:
        """Remember that the operator refused this contact."""
        if record.refused is None:
            record.refused = {}
        record.refused[operator] = now + reask
        self._refused[record.contact.id] = record
        self._timers.set(now + reask, self._reask, record)

    def _reask(self, record: ContactRecord, now: float) -> None:
        if record.bucket is not None:
            self._due(record)

    def refused(self) -> list[ContactRecord]:
        """Waiting contacts that somebody refused, by place. Few: each refusal takes its operator off duty."""
        return sorted((r for r in self._refused.values() if r.bucket is not None), key=lambda r: r.order)

    def take(self, record: ContactRecord) -> None:
        """The contact waits no longer, for it is offered or talks."""
        self._index.remove(record)
        if record.timer is not None:
            self._timers.cancel(record.timer)
            record.timer = None

    def leave(self, record: ContactRecord) -> None:
        """The contact is gone."""
        self.take(record)
        self._places.leave(record, answered=False)
        self._refused.pop(record.contact.id, None)
        del self._contacts[record.contact.id]
