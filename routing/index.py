"""Who could take what, known before it is asked: waiting contacts by what they need, operators by what they can.

A bucket holds the contacts of one demand, a group the operators of one set of skills. A group's ``mask`` has the bit
of every bucket that its operators can serve, so "which calls may this operator take" is one AND of two integers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from routing.demand import meets
from routing.heap import LazyHeap
from routing.model import Needs

if TYPE_CHECKING:
    from routing.room import ContactRecord

Signature = frozenset[tuple[str, int]]


@dataclass(slots=True, eq=False)
class Bucket:
    """Contacts that need the same. ``able``: operators on the roster who can serve them, whatever their state."""

    needs: Needs
    bit: int
    able: int = 0
    waiting: LazyHeap[ContactRecord] = field(default_factory=LazyHeap)


@dataclass(slots=True, eq=False)
class Group:
    """Operators who can do the same."""

    skills: Needs
    mask: int
    members: int = 0


class Index:
    """Buckets and groups; ``waiting`` counts the contacts in all buckets.

    Buckets stay once made: demands come from the flows, so there are not many.
    """

    __slots__ = ("_buckets", "_by_needs", "_groups", "_open", "waiting")

    def __init__(self) -> None:
        self._buckets: list[Bucket] = []
        self._by_needs: dict[Signature, Bucket] = {}
        self._groups: dict[Signature, Group] = {}
        self._open = 0
        self.waiting = 0

    def bucket(self, needs: Needs) -> Bucket:
        """The bucket of this demand."""
        signature = _signature(needs)
        bucket = self._by_needs.get(signature)
        if bucket is None:
            bucket = Bucket(dict(needs), 1 << len(self._buckets))
            self._buckets.append(bucket)
            self._by_needs[signature] = bucket
            self._meet(bucket)
        return bucket

    def able(self, needs: Needs) -> bool:
        """Whether somebody on the roster can serve this demand; known at once for one that somebody has waited with."""
        bucket = self._by_needs.get(_signature(needs))
        return bucket is not None and bucket.able > 0

    def _meet(self, bucket: Bucket) -> None:
        for group in self._groups.values():
            if meets(group.skills, bucket.needs):
                group.mask |= bucket.bit
                bucket.able += group.members

    def enrol(self, skills: Needs) -> Group:
        """One more operator of these skills: their group."""
        signature = frozenset(skills.items())
        group = self._groups.get(signature)
        if group is None:
            mask = sum(bucket.bit for bucket in self._buckets if meets(skills, bucket.needs))
            group = self._groups[signature] = Group(dict(skills), mask)
        self._count(group, 1)
        return group

    def dismiss(self, group: Group) -> None:
        """One operator less in this group."""
        self._count(group, -1)
        if group.members == 0:
            del self._groups[frozenset(group.skills.items())]

    def _count(self, group: Group, change: int) -> None:
        group.members += change
        for bucket in self._buckets:
            if group.mask & bucket.bit:
                bucket.able += change

    def add(self, contact: ContactRecord, bucket: Bucket) -> None:
        """Let the contact wait in this bucket."""
        contact.bucket = bucket
        bucket.waiting.push(contact, contact.order)
        self._open |= bucket.bit
        self.waiting += 1

    def remove(self, contact: ContactRecord) -> None:
        """Let the contact wait no longer."""
        bucket = contact.bucket
        if bucket is not None:
            contact.bucket = None
            self.waiting -= 1
            bucket.waiting.discard(contact)
            if not bucket.waiting:
                self._open &= ~bucket.bit

    def for_group(self, group: Group) -> Iterator[Bucket]:
        """Buckets in which somebody waits whom this group can serve."""
        mask = group.mask & self._open
        while mask:
            bit = mask & -mask
            yield self._buckets[bit.bit_length() - 1]
            mask ^= bit


def _signature(needs: Needs) -> Signature:
    return frozenset((skill, level) for skill, level in needs.items() if level > 0)
