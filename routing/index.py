"""Who could take what, known before it is asked: waiting contacts by what they need, operators by what they can.

A bucket holds the contacts of one demand, by their places. An operator's mask has the bit of every bucket that they
can serve, and the buckets are sorted by their first contacts: so "which call may this operator take" is a short walk
along those first contacts, or along the operator's buckets, whichever is shorter.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from routing.alternatives import alternatives
from routing.alternatives import level as reached
from routing.bucket import Bucket, LeaveFree, Order
from routing.demand import meets
from routing.model import Needs
from routing.skills import Skills

if TYPE_CHECKING:
    from routing.room import ContactRecord
    from routing.roster import OperatorRecord

Signature = tuple[frozenset[tuple[str, int]], LeaveFree]

_FEW = 8
"""New buckets that are looked at one by one."""

_STEP = 4
"""How much more a step along an operator's buckets costs than one along the first contacts (seen)."""


class Index:
    """Buckets, their first contacts in order, and who can serve them; ``waiting`` counts the contacts in all buckets.

    ``_named``: by operator, those who wait for nobody else.
    ``_beyond``: skill -> by an operator's level in it (0 first), the bits of the buckets that need more.
    ``_any_of``: a need of which one of several skills will do -> the bits of the buckets that have it.

    Buckets stay once made: demands come from the flows, so there are not many.
    """

    __slots__ = ("_any_of", "_beyond", "_buckets", "_by_needs", "_heads", "_named", "_open", "skills", "waiting")

    def __init__(self) -> None:
        self.skills = Skills()
        self.waiting = 0
        self._buckets: list[Bucket] = []
        self._by_needs: dict[Signature, Bucket] = {}
        self._heads: list[tuple[Order, Bucket]] = []
        self._named: dict[str, Bucket] = {}
        self._open = 0
        self._beyond: dict[str, list[int]] = {}
        self._any_of: dict[str, int] = {}

    def bucket(self, needs: Needs, leave_free: LeaveFree = ()) -> Bucket:
        """The bucket of this demand."""
        return self._by_needs.get((frozenset(needs.items()), leave_free)) or self._new(needs, leave_free)

    def _new(self, needs: Needs, leave_free: LeaveFree) -> Bucket:
        asked = {skill: level for skill, level in needs.items() if level > 0}
        signature = (frozenset(asked.items()), leave_free)
        bucket = self._by_needs.get(signature)
        if bucket is None:
            bucket = self._by_needs[signature] = Bucket(asked, leave_free, 1 << len(self._buckets))
            self._buckets.append(bucket)
            self._note(bucket)
        self._by_needs[frozenset(needs.items()), leave_free] = bucket
        return bucket

    def _note(self, bucket: Bucket) -> None:
        for skill, level in bucket.needs.items():
            if alternatives(skill):
                self._any_of[skill] = self._any_of.get(skill, 0) | bucket.bit
                continue
            beyond = self._beyond.setdefault(skill, [])
            beyond += [0] * (level - len(beyond))
            for below in range(level):
                beyond[below] |= bucket.bit

    def mask(self, operator: OperatorRecord) -> int:
        """The bits of the buckets that this operator can serve; found anew when there are new buckets."""
        known, number = operator.known, len(self._buckets)
        if known < number:
            operator.known = number
            if 0 < number - known <= _FEW < known:
                new = (bucket for bucket in self._buckets[known:] if meets(operator.operator.skills, bucket.needs))
                operator.mask |= reduce(or_, (bucket.bit for bucket in new), 0)
            else:
                operator.mask = self._whole_mask(operator.operator.skills)
        return operator.mask

    def _whole_mask(self, skills: Needs) -> int:
        get, cannot = skills.get, 0
        for skill, beyond in self._beyond.items():
            level = get(skill, 0)
            if level < len(beyond):
                cannot |= beyond[level]
        for skill, bits in self._any_of.items():
            if not reached(skills, skill):
                cannot |= bits
        return ((1 << len(self._buckets)) - 1) & ~cannot

    def add(self, contact: ContactRecord, bucket: Bucket) -> None:
        """Let the contact wait in this bucket."""
        contact.bucket = bucket
        self.waiting += 1
        first = bucket.first
        bucket.add(contact)
        if first is not bucket.first:
            self._moved(bucket, first)

    def hold(self, contact: ContactRecord, operator: str) -> None:
        """Let the contact wait for this operator alone."""
        self._named.setdefault(operator, Bucket({}, (), 0))
        self.add(contact, self._named[operator])

    def held(self, operator: str) -> Iterable[ContactRecord]:
        """Who waits for this operator alone, by their places."""
        return self._named.get(operator, ())

    def remove(self, contact: ContactRecord) -> None:
        """Let the contact wait no longer."""
        bucket = contact.bucket
        if bucket is None:
            return
        contact.bucket = None
        self.waiting -= 1
        first = bucket.first
        bucket.remove(contact)
        if first is contact:
            self._moved(bucket, first)

    def _moved(self, bucket: Bucket, before: ContactRecord | None) -> None:
        """Another contact is the bucket's first."""
        if not bucket.bit:  # of one operator: looked at beside the others
            return
        heads, first = self._heads, bucket.first
        if before is not None:
            del heads[bisect_left(heads, (before.order,))]
        if first is not None:
            insort(heads, (first.order, bucket))
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
    assert bucket.first is not None
    return bucket.first.order
