"""Waiting contacts that the same operators may take, by their places."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, Any

from routing.model import Needs
from routing.skills import Skills

if TYPE_CHECKING:
    from routing.room import ContactRecord
    from routing.timers import Timer

Order = tuple[Any, ...]
"""What contacts are sorted by; least first. No two contacts have equal ones."""

LeaveFree = tuple[tuple[str, int], ...]
"""Skills, and how many free operators who have each are left free for other calls; sorted."""

_SLACK = 64
"""Empty places at the front of a bucket that are not worth a clean-up."""


class Bucket:
    """Contacts that the same operators may take, by their places. Whoever is first leaves without the others moving.

    Where demands ease as time passes, a bucket has stages: ``afters``, the seconds of waiting from which each holds,
    ``needs`` and ``bits`` go by them, and each contact is at the stage of its own wait. Who comes before another there
    has waited no shorter, so a stage's contacts lie side by side, and nobody moves when one relaxes.

    ``bit``: that of the stage of the ``first``, until ``due`` (s). ``alarm``, ``looked``: see routing.waves.
    """

    __slots__ = (
        "_able", "_contacts", "_known", "_orders", "_start",
        "afters", "alarm", "bit", "bits", "due", "eases", "first", "leave_free", "looked", "needs",
    )  # fmt: skip

    def __init__(
        self, needs: tuple[Needs, ...], leave_free: LeaveFree, bits: tuple[int, ...], afters: tuple[float, ...] = ()
    ) -> None:
        self.needs = needs
        self.afters = (-inf, *afters)
        self.eases = len(needs) > 1
        self.leave_free = leave_free
        self.bits = bits
        self.bit = bits[0]
        self.due = inf
        self.first: ContactRecord | None = None
        self.alarm: Timer | None = None
        self.looked = -inf
        self._orders: list[Order] = []
        self._contacts: list[ContactRecord] = []
        self._start = 0
        self._able = [0] * len(needs)
        self._known = [-1] * len(needs)

    def able(self, skills: Skills, stage: int = 0) -> int:
        """The bits of those on the roster who can serve the contacts at this stage, whatever their state."""
        if self._known[stage] != skills.version:
            self._able[stage], self._known[stage] = skills.able(self.needs[stage]), skills.version
        return self._able[stage]

    def kept(self, skills: Skills, ready: int) -> int:
        """Of the bits of those who are ready, those who are left free for other calls."""
        kept = 0
        for skill, least in self.leave_free:
            group = skills.having(skill) & ready
            if group.bit_count() <= least:
                kept |= group
        return kept

    def stage(self, contact: ContactRecord, now: float) -> int:
        """The stage at which this contact is."""
        stage, since, afters = len(self.afters) - 1, contact.contact.since, self.afters
        while stage and since + afters[stage] > now:
            stage -= 1
        return stage

    def look(self, now: float) -> None:
        """Find the stage of the first anew."""
        assert self.first is not None
        stage = self.stage(self.first, now)
        self.bit = self.bits[stage]
        self.due = self.first.contact.since + self.afters[stage + 1] if stage + 1 < len(self.afters) else inf

    def relaxed(self, before: float, now: float) -> Iterator[ContactRecord]:
        """Contacts who came to another stage after ``before`` and until ``now``."""
        for after in self.afters[1:]:
            start, end = self._until(after, before), self._until(after, now)
            yield from self._contacts[start:end]

    def next_relaxed(self, now: float) -> float:
        """When (s) the next contact comes to another stage; infinity while none will."""
        contacts = self._contacts
        places = ((self._until(after, now), after) for after in self.afters[1:])
        return min((contacts[at].contact.since + after for at, after in places if at < len(contacts)), default=inf)

    def _until(self, after: float, now: float) -> int:
        """How many contacts, with the empty places at the front, have come to the stage that begins then."""
        return bisect_right(self._contacts, now, self._start, key=lambda contact: contact.contact.since + after)

    def add(self, contact: ContactRecord) -> bool:
        """One more contact; nearly always the last. Not where one with a better place has waited for a shorter time."""
        orders, order, contacts = self._orders, contact.order, self._contacts
        first, since = self.first, contact.contact.since
        if first is None or order > orders[-1]:
            if self.eases and first is not None and since < contacts[-1].contact.since:
                return False
            orders.append(order)
            contacts.append(contact)
        else:
            place = bisect_left(orders, order, self._start)
            if self.eases:
                early = place > self._start and contacts[place - 1].contact.since > since
                if early or contacts[place].contact.since < since:
                    return False
            orders.insert(place, order)
            contacts.insert(place, contact)
        if first is not (first := contacts[self._start]):
            self._lead(first)
        return True

    def remove(self, contact: ContactRecord) -> None:
        """One contact fewer."""
        start = self._start
        if contact is not self.first:
            place = bisect_left(self._orders, contact.order, start)
            del self._orders[place], self._contacts[place]
            return
        start += 1
        left = len(self._contacts) - start
        if not left or start > left // 8 + _SLACK:
            del self._orders[:start], self._contacts[:start]
            start = 0
        self._start = start
        self._lead(self._contacts[start] if left else None)

    def _lead(self, first: ContactRecord | None) -> None:
        self.first = first
        if self.eases:
            self.due = -inf

    def __iter__(self) -> Iterator[ContactRecord]:
        """All contacts, by their places."""
        return islice(self._contacts, self._start, None)
