"""What calls can do while all queues are open, and what while some are closed; and how that is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ivr.flow.proof.shut import Shut
from ivr.flow.proof.subject import Subject
from ivr.flow.proof.told import call_told, moment, shortest_call
from ivr.flow.proof.ways import State, Step, Ways


@dataclass(frozen=True, slots=True)
class Times:
    """What calls can do at some times. ``shut``: which queues are closed then; None: all are open."""

    ways: Ways
    shut: Shut | None = None

    def words(self, state: State) -> str:
        """When it is so, where that matters."""
        if self.shut is None:
            return ""
        begin, _ = self.ways.call_to(state)
        queues = ", ".join(map(repr, sorted(self.shut.queues)))
        return f" on {moment(begin.line, self.shut.first(begin))}: closed are {queues}"

    def mend(self, always: str) -> str:
        """What would do."""
        if self.shut is None:
            return always
        return "let the queue's 'closed' lead to an open queue, a callback or a voice message, or add an 'overflow'"

    def call(self, subject: Subject, state: State, after: Iterable[Step]) -> str:
        """The shortest call to the state, told, and how it goes on from there."""
        if self.shut is None:
            return shortest_call(subject, state, after)
        begin, steps = self.ways.call_to(state)
        return call_told(subject, begin, [*steps, *after], at=self.shut.first(begin))


def times(subject: Subject) -> Iterator[Times]:
    """All queues being open, and then each state of affairs in which some are closed while calls come."""
    yield Times(subject.ways)
    for shut, ways in subject.shut:
        yield Times(ways, shut)
