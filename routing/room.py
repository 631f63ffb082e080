"""The waiting room: contacts, their places, their relaxations and who refused them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from routing.bucket import Bucket, LeaveFree, Order
from routing.easing import ease
from routing.index import Index
from routing.interned import Demand, Interned, Relaxations
from routing.model import Contact, Needs, Queue
from routing.places import Places
from routing.pressure import Pressure
from routing.timers import Timer, Timers

if TYPE_CHECKING:
    from routing.leases import Lease


class ContactRecord(msgspec.Struct, eq=False, gc=False):
    """A contact that waits (``bucket``), or is offered or talking (``lease``).

    ``order`` is its place by its queue's rules, then in the order of coming (``number``): kept for good, unless its
    ``priority`` rises; () once it is answered.
    ``leave_free``: its queue's. ``held``: only its contact's own operator is asked.
    ``refused``: operator -> until when (s). ``needs``: by its demand's first ``relaxed`` steps, which is what it needed
    when it was last looked at: when it began to wait, or was offered. ``timer``: while its place depends on the time.
    ``loosened``: the bits of its loosenings that hold.

    Python's collector of garbage passes these over, so that it has little to do where many wait; Room.drop breaks the
    circles that they are part of.
    """

    contact: Contact
    number: int
    priority: int
    order: Order
    needs: Needs
    demand: Demand
    prefer: Needs
    bucket: Bucket | None = None
    lease: Lease | None = None
    leave_free: LeaveFree = ()
    held: bool = False
    refused: dict[str, float] | None = None
    relaxed: int = 0
    timer: Timer | None = None
    loosened: int = 0

    @property
    def steps(self) -> Relaxations:
        """Its relaxations in order."""
        return self.demand.steps

    @property
    def eases(self) -> bool:
        """Whether nothing changes for it as it waits but that it needs less."""
        contact, demand = self.contact, self.demand
        return bool(demand.steps and demand.eases and not contact.rises and not contact.loosen)

    @property
    def lapsed(self) -> bool:
        """Its offer ran out, and its session has not asked for another: it keeps its place, but does not wait."""
        return self.bucket is None and self.lease is None

    def needs_by(self, now: float) -> Needs:
        """What it needs by now."""
        needs = self.needs
        for after, later in self.demand.steps[self.relaxed :]:
            if self.contact.since + after > now:
                break
            needs = later
        return needs

    def relax(self, now: float) -> None:
        """Let the relaxations hold that are due."""
        for after, needs in self.demand.steps[self.relaxed :]:
            if self.contact.since + after > now:
                return
            self.needs = needs
            self.relaxed += 1

    def refused_by(self, operator: str) -> bool:
        """Whether the operator refused it."""
        return self.refused is not None and operator in self.refused


class Room:
    """Every contact from its Enqueued until its caller leaves or its conversation ends.

    ``holds``: whether a contact may be held for its own operator. ``due`` is called with a contact whom a relaxation or
    the end of a refusal may have found an operator. ``entered``: with the bucket in which a contact waits from now on.
    ``ready``: the bits of the free operators.

    ``moves``: how many more may be relaxed in the present event, but for those who ease by themselves; ``behind``:
    those who are due, but wait for the next.
    """

    def __init__(
        self,
        index: Index,
        timers: Timers,
        due: Callable[[ContactRecord], None],
        holds: Callable[[ContactRecord], bool],
        queues: Mapping[str, Queue],
        *,
        ready: Callable[[], int],
        entered: Callable[[Bucket, float], None],
    ) -> None:
        self._index = index
        self._timers = timers
        self._due = due
        self._holds = holds
        self._queues = queues
        self._places = Places()
        self.pressure = Pressure(index, ready)
        self.moves = 0
        self.behind: dict[ContactRecord, None] = {}
        self._entered = entered
        self._interned = Interned()
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
        demand = self._interned.share(contact)
        record = ContactRecord(contact, self._count, contact.priority, (), demand.needs, demand, contact.prefer)
        self._places.follow(record, queue)
        self._contacts[contact.id] = record
        return record

    def wait(self, record: ContactRecord, now: float) -> None:
        """Let the contact wait in its place, with what it needs by now."""
        due = inf
        if record.demand.steps or record.contact.rises or record.contact.loosen:
            before, due = record.priority, ease(record, now)
            if record.priority != before:
                self._places.follow(record, self._queues[record.contact.queue])
        self._forget(record)
        record.held = record.held and self._holds(record)
        self._place(record, now)
        if due < inf and record.bucket is not None and not record.bucket.eases:
            record.timer = self._timers.set(due, self._relaxed, record)

    def hold(self, record: ContactRecord, now: float) -> None:
        """From its next wait on let only its own operator be asked for it, until the time for that is over."""
        until = record.contact.since + record.contact.sticky
        record.held = until > now
        if record.held:
            self._timers.set(until, self._held_long_enough, record)

    def _held_long_enough(self, record: ContactRecord, now: float) -> None:
        if now >= record.contact.since + record.contact.sticky:
            self._let_anybody(record, now)

    def _let_anybody(self, record: ContactRecord, now: float) -> None:
        if record.held:
            waits = record.bucket is not None
            self._unplace(record)
            record.held = False
            if waits:
                self._place(record, now)
                self._due(record)

    def let_go(self, operator: str, now: float) -> None:
        """This operator may be able to do less: who waits for them in vain may go to anybody."""
        for record in [each for each in self._index.held(operator) if not self._holds(each)]:
            self._let_anybody(record, now)

    def _place(self, record: ContactRecord, now: float) -> None:
        """Where the contact eases by itself, if it can be there; else where it is until its next change."""
        if record.held:
            self._index.hold(record, record.contact.operator)
        elif not self._eases(record, now):
            self._index.add(record, self._index.bucket(record.needs, record.leave_free))
        self.pressure.placed(record)

    def _unplace(self, record: ContactRecord) -> None:
        if record.bucket is not None:
            self.pressure.taken(record)
            self._index.remove(record)

    def _eases(self, record: ContactRecord, now: float) -> bool:
        if not record.eases:
            return False
        contact = record.contact
        bucket = self._index.easing(record.demand, contact.queue, record.priority, record.leave_free)
        if not self._index.add(record, bucket):
            return False
        self._forget(record)
        self._entered(bucket, now)
        return True

    def _relaxed(self, record: ContactRecord, now: float) -> None:
        if record.eases:
            self._place_anew(record, now)
        elif self.moves > 0:
            self._move(record, now)
        else:
            self.behind[record] = None

    def _move(self, record: ContactRecord, now: float) -> None:
        self.moves -= 1
        self._place_anew(record, now)

    def _place_anew(self, record: ContactRecord, now: float) -> None:
        self._unplace(record)
        self.wait(record, now)
        self._due(record)

    def catch_up(self, now: float) -> None:
        """Relax those for whom earlier events had no room."""
        while self.moves > 0 and self.behind:
            record = next(iter(self.behind))
            del self.behind[record]
            self._move(record, now)

    def loosen(self, now: float) -> bool:
        """Let the next one do with less for whom there is need; whether there was one, and room for it."""
        found = self.pressure.due() if self.moves > 0 else None
        if found is not None:
            record, number = found
            self._unplace(record)
            record.loosened |= 1 << number
            self.behind.pop(record, None)
            self._move(record, now)
        return found is not None

    @property
    def hurried(self) -> bool:
        """Whether some could be relaxed at once, but for the bound."""
        return bool(self.behind) or (self.moves <= 0 and bool(self.pressure) and self.pressure.due() is not None)

    def change(self, record: ContactRecord, contact: Contact, queue: Queue) -> None:
        """Let a contact that does not wait now need something else, or another queue, from its next wait on."""
        self._places.leave(record, answered=False)
        record.contact = contact = replace(contact, since=record.contact.since)
        record.priority = contact.priority
        self._places.follow(record, queue)
        record.demand = self._interned.share(contact)
        record.needs, record.relaxed, record.held = record.demand.needs, 0, False
        record.prefer, record.loosened = contact.prefer, 0

    def reorder(self, queue: Queue, now: float) -> None:
        """Who is in this queue has the place that its rules give now."""
        records = [r for r in self._contacts.values() if r.contact.queue == queue.name and r.order]
        waiting = {record for record in records if record.bucket is not None}
        for record in waiting:
            self._unplace(record)
        for record in self._places.cleared(records, queue):
            record.order = ()
            self._places.follow(record, queue)
            if record in waiting:
                self._place(record, now)
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
        self._unplace(record)
        self.behind.pop(record, None)
        self._forget(record)

    def _forget(self, record: ContactRecord) -> None:
        if record.timer is not None:
            self._timers.cancel(record.timer)
            record.timer = None

    def leave(self, record: ContactRecord) -> None:
        """The contact is gone."""
        self.take(record)
        self._places.leave(record, answered=False)
        self._refused.pop(record.contact.id, None)
        del self._contacts[record.contact.id]

    def drop(self) -> None:
        """Nothing is asked of it any more."""
        for record in self._contacts.values():
            record.bucket = record.lease = None
            self._timers.cancel(record.timer)
