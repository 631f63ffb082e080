"""Each contact's place among all who wait, by the order of its queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from routing.model import Queue
from routing.orders import ORDERS, SHARED
from routing.shares import Shares

if TYPE_CHECKING:
    from routing.room import ContactRecord

_BY_SHARE = 4
"""The length of an order that begins with a tag of routing.shares."""


class Places:
    """Sets the ``order`` of contacts' records."""

    def __init__(self) -> None:
        self._shares = Shares()

    def follow(self, record: ContactRecord, queue: Queue) -> None:
        """Let the contact wait by this queue's rules; one that has a place there may only move in it."""
        rank, seconds = _own(record, queue)
        if len(record.order) == _BY_SHARE:
            record.order = self._shares.move(queue.name, record.order, (seconds, record.number))
        elif queue.order in SHARED:
            record.order = self._shares.enter(queue, (seconds, record.number))
        else:
            record.order = rank, seconds, record.number
        record.leave_free = tuple(sorted(queue.leave_free.items()))

    def leave(self, record: ContactRecord, *, answered: bool) -> None:
        """The contact has no place any more."""
        if len(record.order) == _BY_SHARE:
            self._shares.leave(record.contact.queue, record.order, answered=answered)
        record.order = ()

    def cleared(self, records: Iterable[ContactRecord], queue: Queue) -> list[ContactRecord]:
        """All of this queue, whose rules are others now, in the order in which they are to be placed anew."""
        self._shares.clear(queue.name)
        return sorted(records, key=lambda record: (_own(record, queue), record.number))


def _own(record: ContactRecord, queue: Queue) -> tuple[float, float]:
    return ORDERS[queue.order](record.contact.since, record.priority, queue)
