"""Waiting contacts that may do with less when there is need: who of them is next, whatever they wait for."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from routing.bucket import Bucket, Order
from routing.easing import loosened, watched
from routing.index import Index
from routing.model import Loosening, Sign

if TYPE_CHECKING:
    from routing.room import ContactRecord


class _Group(NamedTuple):
    """Who waits for the same: so much of the sign, in this queue or among those who could take them then."""

    when: Sign
    least: float
    queue: str
    able: Bucket | None


class Pressure:
    """``waiting``: contacts that wait, by queue. ``expected``: the wait (s) of whoever comes now, by queue, if known.

    ``ready``: the bits of the free operators.
    """

    def __init__(self, index: Index, ready: Callable[[], int]) -> None:
        self._index, self._ready = index, ready
        self.waiting: defaultdict[str, int] = defaultdict(int)
        self.expected: dict[str, float] = {}
        self._groups: dict[_Group, list[tuple[Order, int, ContactRecord]]] = {}

    def __bool__(self) -> bool:
        return bool(self._groups)

    def placed(self, record: ContactRecord) -> None:
        """The contact waits."""
        self.waiting[record.contact.queue] += 1
        for number, group in self._of(record):
            insort(self._groups.setdefault(group, []), (record.order, number, record))

    def taken(self, record: ContactRecord) -> None:
        """The contact waits no longer, or is about to wait otherwise."""
        self.waiting[record.contact.queue] -= 1
        for number, group in self._of(record):
            members = self._groups[group]
            del members[bisect_left(members, (record.order, number))]
            if not members:
                del self._groups[group]

    def due(self) -> tuple[ContactRecord, int] | None:
        """The first by its place of those for whom there is enough, and the number of its loosening."""
        firsts = (members[0] for group, members in self._groups.items() if self._amount(group) >= group.least)
        found = min(firsts, key=lambda first: first[:2], default=None)
        return None if found is None else (found[2], found[1])

    def _of(self, record: ContactRecord) -> Iterator[tuple[int, _Group]]:
        for number, each in watched(record) if record.contact.loosen else ():
            yield number, _Group(each.when, each.least, record.contact.queue, self._then(record, each))

    def _then(self, record: ContactRecord, each: Loosening) -> Bucket | None:
        if each.when is not Sign.IDLE:
            return None
        return self._index.bucket(loosened(record.needs, each), record.leave_free)

    def _amount(self, group: _Group) -> float:
        if group.able is not None:
            return (group.able.able(self._index.skills) & self._ready()).bit_count()
        if group.when is Sign.WAITING:
            return self.waiting[group.queue]
        return self.expected.get(group.queue, 0.0)
