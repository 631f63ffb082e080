"""What calls can do while all queues are open, and what while some are closed; and how that is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ivr.flow.proof.shut import Shut
from ivr.flow.proof.subject import Subject
from ivr.flow.proof.told import call_told, moment, shortest_call
from ivr.flow.proof.ways import State, Step, Ways
from ivr.messages import Message


@dataclass(frozen=True, slots=True)
class Times:
    """What calls can do at some times. ``shut``: which queues are closed then; None: all are open."""

    ways: Ways
    shut: Shut | None = None

    def told(self, reason: Message, state: State) -> Message:
        """The reason, and when it is so, where that matters."""
        if self.shut is None:
            return reason
        begin, _ = self.ways.call_to(state)
        when, queues = moment(begin.line, self.shut.first(begin)), tuple(sorted(self.shut.queues))
        return Message("while-closed", reason=reason, when=when, queues=queues)

    def mend(self, always: Message) -> Message:
        """What would do."""
        return always if self.shut is None else Message("lead-closed-on")

    def call(self, subject: Subject, state: State, after: Iterable[Step]) -> Message | str:
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
