"""The waiting room: contacts, their places, their relaxations and who refused them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from routing.demand import relaxations
from routing.heap import Order, Timers
from routing.index import Bucket, Index
from routing.model import Contact, Needs

if TYPE_CHECKING:
    from routing.leases import Lease


@dataclass(slots=True, eq=False)
class ContactRecord:
    """A contact that waits (``bucket``), or is offered or talking (``lease``).

    ``order`` is its place, kept for good: priority, then the longest waiting. ``refused``: operator -> when (s).
    """

    contact: Contact
    order: Order
    needs: Needs
    bucket: Bucket | None = None
    lease: Lease | None = None
    refused: dict[str, float] = field(default_factory=dict)
    relaxed: int = 0

    @property
    def lapsed(self) -> bool:
        """Its offer ran out, and its session has not asked for another: it keeps its place, but does not wait."""
        return self.bucket is None and self.lease is None


class Room:
    """Every contact from its Enqueued until its caller leaves or its conversation ends."""

    def __init__(self, index: Index, timers: Timers) -> None:
        self._index = index
        self._timers = timers
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

    def enter(self, contact: Contact) -> ContactRecord:
        """A new contact; it does not wait yet."""
        self._count += 1
        record = ContactRecord(contact, (-contact.priority, contact.since, self._count), contact.needs)
        self._contacts[contact.id] = record
        return record

    def wait(self, record: ContactRecord, now: float) -> None:
        """Let the contact wait in its place, with what it needs by now."""
        self._relax(record, now)
        self._index.add(record, self._index.bucket(record.needs))

    def relax(self, contact_id: str, now: float) -> ContactRecord | None:
        """A relaxation is due: the contact, if it waits."""
        record = self._contacts.get(contact_id)
        if record is None or record.bucket is None:
            return None
        self._index.remove(record)
        self.wait(record, now)
        return record

    def change(self, record: ContactRecord, contact: Contact) -> None:
        """Let a contact that does not wait now need something else, or another queue, from its next wait on."""
        self._timers.cancel(("relax", contact.id))
        since, arrival = record.order[1:]
        record.contact = replace(contact, since=since)
        record.order = (-contact.priority, since, arrival)
        record.needs, record.relaxed = contact.needs, 0

    def _relax(self, record: ContactRecord, now: float) -> None:
        steps = relaxations(record.contact)
        while record.relaxed < len(steps) and steps[record.relaxed][0] <= now:
            record.needs = steps[record.relaxed][1]
            record.relaxed += 1
        if record.relaxed < len(steps):
            self._timers.set(("relax", record.contact.id), steps[record.relaxed][0])

    def refuse(self, record: ContactRecord, operator: str, now: float, reask: float) -> None:
        """Remember that the operator refused this contact."""
        record.refused[operator] = now + reask
        self._refused[record.contact.id] = record
        self._timers.set(("reask", record.contact.id, operator), now + reask)

    def refused(self) -> list[ContactRecord]:
        """Waiting contacts that somebody refused, by place. Few: each refusal takes its operator off duty."""
        return sorted((r for r in self._refused.values() if r.bucket is not None), key=lambda r: r.order)

    def take(self, record: ContactRecord) -> None:
        """The contact waits no longer, for it is offered or talks."""
        self._index.remove(record)

    def leave(self, record: ContactRecord) -> None:
        """The contact is gone."""
        contact_id = record.contact.id
        self._index.remove(record)
        self._timers.cancel(("relax", contact_id))
        for operator in record.refused:
            self._timers.cancel(("reask", contact_id, operator))
        self._refused.pop(contact_id, None)
        del self._contacts[contact_id]
