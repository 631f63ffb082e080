"""Waiting contacts that the same operators may take, by their places."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from routing.model import Needs
from routing.skills import Skills

if TYPE_CHECKING:
    from routing.room import ContactRecord

Order = tuple[Any, ...]
"""What contacts are sorted by; least first. No two contacts have equal ones."""

LeaveFree = tuple[tuple[str, int], ...]
"""Skills, and how many free operators who have each are left free for other calls; sorted."""

_SLACK = 64
"""Empty places at the front of a bucket that are not worth a clean-up."""


class Bucket:
    """Contacts that the same operators may take, by their places. Whoever is first leaves without the others moving."""

    __slots__ = ("_able", "_contacts", "_known", "_orders", "_start", "bit", "first", "leave_free", "needs")

    def __init__(self, needs: Needs, leave_free: LeaveFree, bit: int) -> None:
        self.needs = needs
        self.leave_free = leave_free
        self.bit = bit
        self.first: ContactRecord | None = None
        self._orders: list[Order] = []
        self._contacts: list[ContactRecord] = []
        self._start = 0
        self._able = 0
        self._known = -1

    def able(self, skills: Skills) -> int:
        """The bits of those on the roster who can serve these contacts, whatever their state."""
        if self._known != skills.version:
            self._able, self._known = skills.able(self.needs), skills.version
        return self._able

    def kept(self, skills: Skills, ready: int) -> int:
        """Of the bits of those who are ready, those who are left free for other calls."""
        kept = 0
        for skill, least in self.leave_free:
            group = skills.having(skill) & ready
            if group.bit_count() <= least:
                kept |= group
        return kept

    def add(self, contact: ContactRecord) -> None:
        """One more contact; nearly always the last."""
        orders, order = self._orders, contact.order
        if self.first is None or order > orders[-1]:
            orders.append(order)
            self._contacts.append(contact)
        else:
            place = bisect_left(orders, order, self._start)
            orders.insert(place, order)
            self._contacts.insert(place, contact)
        self.first = self._contacts[self._start]

    def remove(self, contact: ContactRecord) -> None:
        """One contact fewer."""
        start = self._start
        if contact is not self.first:
            place = bisect_left(self._orders, contact.order, start)
            del self._orders[place], self._contacts[place]
            return
        start += 1
        left = len(self._contacts) - start
        if not left or start > left + _SLACK:
            del self._orders[:start], self._contacts[:start]
            start = 0
        self._start = start
        self.first = self._contacts[start] if left else None

    def __iter__(self) -> Iterator[ContactRecord]:
        """All contacts, by their places."""
        return islice(self._contacts, self._start, None)
