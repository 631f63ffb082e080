"""Contacts whose demand eases while somebody is free: looked at when that falls due, one timer for a whole bucket."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from routing.bucket import Bucket
from routing.index import Index
from routing.room import ContactRecord
from routing.roster import OperatorRecord, Roster
from routing.timers import Timers


class Waves:
    """A bucket has an alarm while somebody is free who may take one of its contacts once it has waited longer.

    While nobody is, nothing falls due: whoever comes free looks for what holds then. ``place`` is called with each
    contact that has come to another stage since the bucket was last ``looked`` at.
    """

    __slots__ = ("_index", "_place", "_roster", "_timers")

    def __init__(self, index: Index, roster: Roster, timers: Timers, place: Callable[[ContactRecord], None]) -> None:
        self._index = index
        self._roster = roster
        self._timers = timers
        self._place = place

    def entered(self, bucket: Bucket, now: float) -> None:
        """A contact waits in this bucket, from now on."""
        if bucket.eases and self._roster.ready_bits and self._concerns(bucket, self._roster.ready_bits):
            self._set(bucket, now)

    def stays(self, operator: OperatorRecord, now: float) -> None:
        """This free operator has found nobody."""
        keeping = self._roster.keeping(operator)
        if len(keeping) == len(self._index.leave_free):
            return
        for bucket in self._index.open_to(operator):
            if bucket.eases and bucket.leave_free not in keeping:
                self._set(bucket, now)

    def _concerns(self, bucket: Bucket, operators: int) -> bool:
        """Whether one of these free operators may take a contact of this bucket some day, as things are."""
        able = bucket.able(self._index.skills, -1) & operators
        return bool(able and able & ~bucket.kept(self._index.skills, self._roster.ready_bits))

    def _set(self, bucket: Bucket, now: float) -> None:
        at = bucket.next_relaxed(now)
        if bucket.alarm is None:
            bucket.looked = now
        elif at < bucket.alarm[0]:
            self._timers.cancel(bucket.alarm)
        else:
            return
        if at < inf:
            bucket.alarm = self._timers.set(at, self._due, bucket)

    def _due(self, bucket: Bucket, now: float) -> None:
        bucket.alarm = None
        for contact in bucket.relaxed(bucket.looked, now):
            self._place(contact)
        if self._roster.ready_bits and self._concerns(bucket, self._roster.ready_bits):
            self._set(bucket, now)
