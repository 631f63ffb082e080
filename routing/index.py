"""Who could take what, known before it is asked: waiting contacts by what they need, operators by what they can.

A bucket holds the contacts of one demand, by their places. An operator's mask has the bit of every bucket that they
can serve, and the buckets are sorted by their first contacts: so "which call may this operator take" is a short walk
along those first contacts, or along the operator's buckets, whichever is shorter.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

from routing.model import Needs
from routing.skills import Skills

if TYPE_CHECKING:
    from routing.room import ContactRecord
    from routing.roster import OperatorRecord

Order = tuple[Any, ...]
"""What contacts are sorted by; least first. No two contacts have equal ones."""

Signature = frozenset[tuple[str, int]]

_SLACK = 64

_STEP = 4
"""How much more a step along an operator's buckets costs than one along the first contacts (seen)."""


class Bucket:
    """Contacts that need the same, as a heap; who left it is skipped later. ``head``: the first of them."""

    __slots__ = ("_able", "_heap", "_known", "bit", "head", "live", "needs")

    def __init__(self, needs: Needs, bit: int) -> None:
        self.needs = needs
        self.bit = bit
        self.live = 0
        self.head: tuple[Order, ContactRecord] | None = None
        self._heap: list[tuple[Order, ContactRecord]] = []
        self._able = 0
        self._known = -1

    def able(self, skills: Skills) -> int:
        """The bits of those on the roster who can serve these contacts, whatever their state."""
        if self._known != skills.version:
            self._able, self._known = skills.able(self.needs), skills.version
        return self._able

    def push(self, contact: ContactRecord) -> bool:
        """One more contact; True when it is the first now."""
        entry = contact.entry = (contact.order, contact)
        self.live += 1
        heap = self._heap
        if len(heap) > 2 * self.live + _SLACK:
            self._heap = heap = [left for left in heap if left[1].entry is left]
            heapify(heap)
        heappush(heap, entry)
        return heap[0] is entry

    def first(self) -> tuple[Order, ContactRecord] | None:
        """The first contact, left in its place."""
        heap = self._heap
        while heap:
            entry = heap[0]
            if entry[1].entry is entry:
                return entry
            heappop(heap)
        return None

    def __iter__(self) -> Iterator[ContactRecord]:
        """All contacts, by their places. Costs a sort: for rare refusals."""
        return (entry[1] for entry in sorted(self._heap) if entry[1].entry is entry)


class Index:
    """Buckets, their first contacts in order, and who can serve them; ``waiting`` counts the contacts in all buckets.

    ``_beyond``: skill -> by an operator's level in it (0 first), the bits of the buckets that need more.

    Buckets stay once made: demands come from the flows, so there are not many.
    """

    __slots__ = ("_beyond", "_buckets", "_by_needs", "_heads", "_open", "skills", "waiting")

    def __init__(self) -> None:
        self.skills = Skills()
        self.waiting = 0
        self._buckets: list[Bucket] = []
        self._by_needs: dict[Signature, Bucket] = {}
        self._heads: list[tuple[Order, Bucket]] = []
        self._open = 0
        self._beyond: dict[str, list[int]] = {}

    def bucket(self, needs: Needs) -> Bucket:
        """The bucket of this demand."""
        return self._by_needs.get(frozenset(needs.items())) or self._new(needs)

    def _new(self, needs: Needs) -> Bucket:
        asked = {skill: level for skill, level in needs.items() if level > 0}
        signature = frozenset(asked.items())
        bucket = self._by_needs.get(signature)
        if bucket is None:
            bucket = self._by_needs[signature] = Bucket(asked, 1 << len(self._buckets))
            self._buckets.append(bucket)
            self._note(bucket)
        self._by_needs[frozenset(needs.items())] = bucket
        return bucket

    def _note(self, bucket: Bucket) -> None:
        for skill, level in bucket.needs.items():
            beyond = self._beyond.setdefault(skill, [])
            beyond += [0] * (level - len(beyond))
            for reached in range(level):
                beyond[reached] |= bucket.bit

    def mask(self, operator: OperatorRecord) -> int:
        """The bits of the buckets that this operator can serve; found anew when there are new buckets."""
        if operator.known < len(self._buckets):
            get, cannot = operator.operator.skills.get, 0
            for skill, beyond in self._beyond.items():
                level = get(skill, 0)
                if level < len(beyond):
                    cannot |= beyond[level]
            operator.known = len(self._buckets)
            operator.mask = ((1 << operator.known) - 1) & ~cannot
        return operator.mask

    def add(self, contact: ContactRecord, bucket: Bucket) -> None:
        """Let the contact wait in this bucket."""
        contact.bucket = bucket
        self.waiting += 1
        if bucket.push(contact):
            self._first(bucket, contact.entry)

    def remove(self, contact: ContactRecord) -> None:
        """Let the contact wait no longer."""
        bucket = contact.bucket
        if bucket is None:
            return
        was_first = bucket.head is contact.entry
        contact.bucket = contact.entry = None
        self.waiting -= 1
        bucket.live -= 1
        if was_first:
            self._first(bucket, bucket.first())

    def _first(self, bucket: Bucket, entry: tuple[Order, ContactRecord] | None) -> None:
        heads = self._heads
        if bucket.head is not None:
            del heads[bisect_left(heads, (bucket.head[0],))]
        bucket.head = entry
        if entry is not None:
            insort(heads, (entry[0], bucket))
            self._open |= bucket.bit
        else:
            self._open &= ~bucket.bit

    def firsts(self, operator: OperatorRecord) -> Iterator[Bucket]:
        """Buckets in which somebody waits whom this operator can serve, by the places of their first contacts."""
        mask = self.mask(operator) & self._open
        if _STEP * mask.bit_count() ** 2 <= len(self._heads):
            yield from sorted(self._in(mask), key=_place)
            return
        for _, bucket in self._heads:
            if mask & bucket.bit:
                yield bucket

    def _in(self, mask: int) -> Iterator[Bucket]:
        while mask:
            bit = mask & -mask
            yield self._buckets[bit.bit_length() - 1]
            mask ^= bit


def _place(bucket: Bucket) -> Order:
    assert bucket.head is not None
    return bucket.head[0]
