"""The roster: operators, their states, and who of them has been idle longest."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routing.bucket import LeaveFree
from routing.events import OperatorStateChanged
from routing.index import Index
from routing.model import Operator, OperatorState
from routing.states import BUSY, ON_DUTY, OPERATOR_MOVES, checked
from routing.timers import Timer, Timers
from routing.workload import Workload

if TYPE_CHECKING:
    from routing.leases import Lease


_SPARSE = 8
"""Of how many idle operators one must be meant, for a walk along all of them to be the shorter way."""


@dataclass(slots=True, eq=False)
class OperatorRecord:
    """An operator on the roster. ``pause``: the reason of a NotReady that waits for the end of the call.

    ``bit``: the operator in masks of operators; ``mask``: see Index.mask, for the first ``known`` buckets.
    ``load``: how much they had to do. ``turn``: the number of the last offer made to them.
    """

    operator: Operator
    bit: int
    since: float
    load: Workload
    idle: tuple[float, int] = (0.0, 0)
    state: OperatorState = OperatorState.OFFLINE
    reason: str = ""
    lease: Lease | None = None
    pause: str | None = None
    leaving: bool = False
    mask: int = 0
    known: int = 0
    after_call: Timer | None = None
    turn: int = 0


class Roster:
    """Who is there. ``freed`` collects who became ready, ``shrunk`` says that somebody can do less, and ``less``
    is called with who: for the router.

    ``ready`` and ``duty``: the bits of those who are free, and of those who will take another call.
    """

    def __init__(
        self,
        index: Index,
        timers: Timers,
        emit: Callable[[OperatorStateChanged], None],
        window: float,
        less: Callable[[str, float], None],
    ) -> None:
        self._index = index
        self._timers = timers
        self._emit = emit
        self._window = window
        self._less = less
        self._records: dict[str, OperatorRecord] = {}
        self._by_bit: dict[int, OperatorRecord] = {}
        self._idle: list[tuple[tuple[float, int], OperatorRecord]] = []
        self._count = 0
        self.freed: list[OperatorRecord] = []
        self.shrunk = False
        self.ready_bits = 0
        self.duty_bits = 0

    def __iter__(self) -> Iterator[OperatorRecord]:
        return iter(self._records.values())

    def __len__(self) -> int:
        return len(self._records)

    def get(self, operator_id: str) -> OperatorRecord | None:
        """The operator of this id."""
        return self._records.get(operator_id)

    def of(self, bit: int) -> OperatorRecord:
        """The operator of this bit."""
        return self._by_bit[bit]

    def idle(self, bits: int) -> Iterable[OperatorRecord]:
        """Those of these operators who are ready, the longest idle first."""
        if bits.bit_count() * _SPARSE > len(self._idle):
            return (record for _, record in self._idle if record.bit & bits)
        return sorted(self.among(bits & self.ready_bits), key=lambda record: record.idle)

    def among(self, bits: int) -> Iterator[OperatorRecord]:
        """The operators of these bits."""
        while bits:
            bit = bits & -bits
            yield self._by_bit[bit]
            bits ^= bit

    def keeps(self, operator: OperatorRecord, leave_free: LeaveFree) -> bool:
        """Whether this free operator is left to other calls than those that leave so many free."""
        skills, having, ready = operator.operator.skills, self._index.skills.having, self.ready_bits
        return any(skills.get(skill) and (having(skill) & ready).bit_count() <= least for skill, least in leave_free)

    def keeping(self, operator: OperatorRecord) -> set[LeaveFree]:
        """Of those who wait: by which rules this free operator is left to others."""
        return {each for each in self._index.leave_free if each and self.keeps(operator, each)}

    def join(self, operator: Operator, state: OperatorState, reason: str, now: float) -> None:
        """A new operator."""
        bit = self._index.skills.enrol(operator.skills)
        record = OperatorRecord(operator, bit, now, Workload(self._window))
        self._records[operator.id] = self._by_bit[bit] = record
        self.move(record, state, reason, now)

    def change(self, record: OperatorRecord, operator: Operator, now: float) -> None:
        """Other skills, from now on."""
        ready, duty = bool(record.bit & self.ready_bits), bool(record.bit & self.duty_bits)
        self._unmark(record)
        self._index.skills.dismiss(record.operator.skills, record.bit)
        del self._by_bit[record.bit]
        record.operator, record.bit = operator, self._index.skills.enrol(operator.skills)
        self._by_bit[record.bit] = record
        record.mask = record.known = 0
        self.ready_bits |= record.bit if ready else 0
        self.duty_bits |= record.bit if duty else 0
        self._shrink(record, now)
        if record.state is OperatorState.READY:
            self.freed.append(record)

    def move(self, record: OperatorRecord, state: OperatorState, reason: str, now: float) -> None:
        """Another state. Only an offer that came to nothing leaves an operator's place among the idle as it was."""
        was = record.state
        record.state, record.reason, record.since = checked(OPERATOR_MOVES, was, state), reason, now
        if was is OperatorState.READY:
            del self._idle[bisect_left(self._idle, (record.idle,))]
            self.ready_bits ^= record.bit
        elif was is OperatorState.AFTER_CALL:
            self._timers.cancel(record.after_call)
        if state is OperatorState.READY:
            self._to_idle(record, was, now)
        record.load.moved(was, state, now)
        if (was in ON_DUTY) != (state in ON_DUTY):
            self.mark(record, now)
        self._emit(OperatorStateChanged(record.operator.id, state, reason, now))

    def mark(self, record: OperatorRecord, now: float) -> None:
        """Whether the operator will take another call may have changed."""
        if record.state in ON_DUTY and record.pause is None and not record.leaving:
            self.duty_bits |= record.bit
        elif self.duty_bits & record.bit:
            self.duty_bits ^= record.bit
            self._shrink(record, now)

    def _shrink(self, record: OperatorRecord, now: float) -> None:
        self.shrunk = True
        self._less(record.operator.id, now)

    def _to_idle(self, record: OperatorRecord, was: OperatorState, now: float) -> None:
        if was is not OperatorState.OFFERED:
            self._count += 1
            record.idle = (now, self._count)
        insort(self._idle, (record.idle, record))
        self.ready_bits |= record.bit
        self.freed.append(record)

    def free(self, record: OperatorRecord, state: OperatorState, reason: str, now: float) -> None:
        """The call that was at the operator is gone: ``state``, unless they asked for something else meanwhile."""
        pause, record.pause = record.pause, None
        if record.leaving:
            self.leave(record, now)
        elif pause is not None and state is not OperatorState.NOT_READY:
            self.move(record, OperatorState.NOT_READY, pause, now)
        else:
            self.move(record, state, reason, now)

    def ready(self, record: OperatorRecord, now: float) -> None:
        """The operator takes calls, at the latest after the present one."""
        record.pause = None
        self.mark(record, now)
        if record.state not in BUSY and record.state is not OperatorState.READY:
            self.move(record, OperatorState.READY, "", now)

    def not_ready(self, record: OperatorRecord, reason: str, now: float) -> None:
        """The operator takes no calls, at the latest after the present one."""
        if record.state in BUSY:
            record.pause = reason
            self.mark(record, now)
        elif record.state is not OperatorState.NOT_READY:
            self.move(record, OperatorState.NOT_READY, reason, now)
        elif record.reason != reason:
            record.reason = reason
            self._emit(OperatorStateChanged(record.operator.id, record.state, reason, record.since))

    def leave(self, record: OperatorRecord, now: float) -> None:
        """The operator goes, at the latest after the present call."""
        if record.lease is not None:
            record.leaving = True
            self.mark(record, now)
            return
        self.move(record, OperatorState.OFFLINE, "", now)
        self._unmark(record)
        self._index.skills.dismiss(record.operator.skills, record.bit)
        self.shrunk = True
        del self._records[record.operator.id], self._by_bit[record.bit]

    def _unmark(self, record: OperatorRecord) -> None:
        self.ready_bits &= ~record.bit
        self.duty_bits &= ~record.bit
