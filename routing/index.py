"""Who could take what, known before it is asked: waiting contacts by what they need, operators by what they can.

A bucket holds the contacts of one demand, by their places. An operator's mask has the bit of every stage of a bucket
that they can serve, and the buckets are sorted by their first contacts: so "which call may this operator take" is a
short walk along those first contacts, or along the operator's buckets, whichever is shorter.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from functools import reduce
from heapq import merge
from itertools import islice
from operator import or_
from typing import TYPE_CHECKING

from routing.alternatives import alternatives
from routing.alternatives import level as reached
from routing.bucket import Bucket, LeaveFree, Order
from routing.demand import meets
from routing.interned import Demand
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
    """Buckets, their first contacts in order, and who can serve them; ``waiting`` counts the contacts in all buckets,
    ``leave_free`` the buckets in which somebody waits who leaves so many operators free.

    ``_bits``: the bucket and the stage of every bit. ``_named``: by operator, those who wait for nobody else.
    ``_open``: the last bits of buckets in which somebody waits.
    ``_beyond``: skill -> by an operator's level in it (0 first), the bits of the buckets that need more.
    ``_any_of``: a need of which one of several skills will do -> the bits of the buckets that have it.

    Buckets stay once made: demands come from the flows, so there are not many.
    """

    __slots__ = (
        "_any_of", "_beyond", "_bits", "_by_needs", "_easing", "_heads", "_named", "_open",
        "leave_free", "skills", "waiting",
    )  # fmt: skip

    def __init__(self) -> None:
        self.skills = Skills()
        self.waiting = 0
        self.leave_free: dict[LeaveFree, int] = {}
        self._bits: list[tuple[Bucket, int]] = []
        self._by_needs: dict[Signature, Bucket] = {}
        self._easing: dict[tuple[Demand, str, int, LeaveFree], Bucket] = {}
        self._heads: list[tuple[Order, Bucket]] = []
        self._named: dict[str, Bucket] = {}
        self._open = 0
        self._beyond: dict[str, list[int]] = {}
        self._any_of: dict[str, int] = {}

    def easing(self, demand: Demand, queue: str, priority: int, leave_free: LeaveFree) -> Bucket:
        """The bucket of those whose demand eases as they wait: of one queue and priority, so that who is before others
        has waited longer."""
        signature = demand, queue, priority, leave_free
        return self._easing.get(signature) or self._new_easing(signature)

    def _new_easing(self, signature: tuple[Demand, str, int, LeaveFree]) -> Bucket:
        demand, _, _, leave_free = signature
        needs = (demand.needs, *(needs for _, needs in demand.steps))
        bucket = self._easing[signature] = self._made(needs, leave_free, tuple(after for after, _ in demand.steps))
        return bucket

    def bucket(self, needs: Needs, leave_free: LeaveFree = ()) -> Bucket:
        """The bucket of those who need this as long as they are in it."""
        return self._by_needs.get((frozenset(needs.items()), leave_free)) or self._new(needs, leave_free)

    def _new(self, needs: Needs, leave_free: LeaveFree) -> Bucket:
        asked = {skill: level for skill, level in needs.items() if level > 0}
        signature = (frozenset(asked.items()), leave_free)
        bucket = self._by_needs.get(signature)
        if bucket is None:
            bucket = self._by_needs[signature] = self._made((asked,), leave_free, ())
        self._by_needs[frozenset(needs.items()), leave_free] = bucket
        return bucket

    def _made(self, needs: tuple[Needs, ...], leave_free: LeaveFree, afters: tuple[float, ...]) -> Bucket:
        known = len(self._bits)
        bucket = Bucket(needs, leave_free, tuple(1 << known + stage for stage in range(len(needs))), afters)
        for stage, bit in enumerate(bucket.bits):
            self._bits.append((bucket, stage))
            self._note(needs[stage], bit)
        return bucket

    def _note(self, needs: Needs, bit: int) -> None:
        for skill, level in needs.items():
            if alternatives(skill):
                self._any_of[skill] = self._any_of.get(skill, 0) | (bit if level > 0 else 0)
                continue
            beyond = self._beyond.setdefault(skill, [])
            beyond += [0] * (level - len(beyond))
            for below in range(level):
                beyond[below] |= bit

    def mask(self, operator: OperatorRecord) -> int:
        """The bits of what this operator can serve; found anew when there are new buckets."""
        known, number = operator.known, len(self._bits)
        if known < number:
            operator.known = number
            if 0 < number - known <= _FEW < known:
                skills, new = operator.operator.skills, self._bits[known:]
                met = (bucket.bits[stage] for bucket, stage in new if meets(skills, bucket.needs[stage]))
                operator.mask |= reduce(or_, met, 0)
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
        return ((1 << len(self._bits)) - 1) & ~cannot

    def add(self, contact: ContactRecord, bucket: Bucket) -> bool:
        """Let the contact wait in this bucket, unless it may not be there; see Bucket.add."""
        first = bucket.first
        if not bucket.add(contact):
            return False
        contact.bucket = bucket
        self.waiting += 1
        if first is not bucket.first:
            self._moved(bucket, first)
        return True

    def hold(self, contact: ContactRecord, operator: str) -> None:
        """Let the contact wait for this operator alone."""
        self._named.setdefault(operator, Bucket(({},), (), (0,)))
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
        if before is None or first is None:
            self._open ^= bucket.bits[-1]
            self._count(bucket.leave_free, 1 if before is None else -1)

    def _count(self, leave_free: LeaveFree, more: int) -> None:
        number = self.leave_free.get(leave_free, 0) + more
        if number:
            self.leave_free[leave_free] = number
        else:
            del self.leave_free[leave_free]

    def heads(self, mask: int) -> Iterable[tuple[Order, Bucket]]:
        """Buckets by the places of their first contacts, and those places: all whose contacts whoever has this mask may
        serve, now or later, are among them."""
        likely = mask & self._open
        if _STEP * likely.bit_count() ** 2 > len(self._heads):
            return self._heads
        return sorted((_place(bucket), bucket) for bucket in self._in(likely)) if likely else ()

    def open_to(self, operator: OperatorRecord) -> Iterator[Bucket]:
        """Buckets whose contacts this operator can serve, now or when they have waited long enough."""
        return self._in(self.mask(operator) & self._open)

    def foremost(self, most: int) -> list[ContactRecord]:
        """The first few of all who wait for no one operator, by their places."""
        buckets = (bucket for _, bucket in self._heads[:most])
        return list(islice(merge(*buckets, key=lambda contact: contact.order), most))

    def _in(self, mask: int) -> Iterator[Bucket]:
        while mask:
            bit = mask & -mask
            yield self._bits[bit.bit_length() - 1][0]
            mask ^= bit


def _place(bucket: Bucket) -> Order:
    assert bucket.first is not None
    return bucket.first.order
