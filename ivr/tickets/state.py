"""What is known of a ticket: the fold of its call's events and of what people and rules did to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from ivr.calllog.state import CallState
from ivr.tickets import statuses
from ivr.tickets.deadlines import day_over, due_at, expected_on
from ivr.tickets.events import (
    ASIDE,
    AnyTicketEvent,
    Attached,
    Commented,
    Concluded,
    Contact,
    Escalated,
    Extended,
    Given,
    Linked,
    Moved,
    Opened,
    Verified,
    WrappedUp,
)
from ivr.tickets.fold import STEPS


@dataclass(slots=True)
class TicketState:
    """What is known after some of its events. Times are seconds since 1970 (UTC).

    ``revision``: how many of the events changed something that two editors could collide about; ``seq``: how many
    there are. ``pauses``: when documents were awaited; ``paused``: since when they are.
    """

    registered: float
    opened: Opened | None = None
    seq: int = 0
    revision: int = 0
    section: str = ""
    category: str = ""
    term: str = ""
    complexity: int = 1
    priority: int = 0
    priority_reason: str = ""
    status: str = statuses.REGISTERED
    status_since: float = 0.0
    assignee: str = ""
    demand: str = ""
    outcome: Concluded | None = None
    notice: str = ""
    extension: Extended | None = None
    paused: float | None = None
    pauses: list[tuple[float, float]] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    applicant: dict[str, Contact] = field(default_factory=dict)
    comments: list[Commented] = field(default_factory=list)
    links: dict[int, Linked] = field(default_factory=dict)
    attachments: list[Attached] = field(default_factory=list)
    escalations: list[Escalated] = field(default_factory=list)
    verifications: list[Verified] = field(default_factory=list)
    history: list[Moved] = field(default_factory=list)
    wrap_ups: list[WrappedUp] = field(default_factory=list)

    @classmethod
    def of_call(cls, call: CallState) -> TicketState:
        """A ticket of which nothing but its call is known."""
        state = cls(call.started, section=call.section, category=call.category, term=call.term)
        state.complexity, state.status_since = call.complexity, call.started
        if call.priority is not None:
            state.priority, state.priority_reason = call.priority, "flow"
        return state

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in statuses.OPEN

    @property
    def due(self) -> datetime | None:
        """When it is overdue; None once it is closed, and while documents are awaited."""
        return self.promised if self.open and self.paused is None else None

    @property
    def promised(self) -> datetime:
        """By when it was to be answered, as far as is known."""
        pauses = [(_moment(since), _moment(until)) for since, until in self.pauses]
        by_term = due_at(self.term, _moment(self.registered), pauses)
        if self.extension is None:
            return by_term
        since = _moment(self.extension.at)
        return max(by_term, day_over(self.extension.until, [each for each in pauses if each[0] >= since]))

    @property
    def expected(self) -> date | None:
        """The day that the applicant is told; None while documents are awaited."""
        return None if self.paused is not None else expected_on(self.promised)

    @property
    def level(self) -> str:
        """To whom it was handed up last; "" for nobody."""
        return self.escalations[-1].to if self.escalations else ""

    def apply(self, event: AnyTicketEvent) -> None:
        """Take one more event into account."""
        self.seq += 1
        if not isinstance(event, ASIDE):
            self.revision += 1
        step = STEPS.get(type(event))
        if step is not None:
            step(self, event)

    def columns(self) -> dict[str, Any]:
        """What lists are filtered and sorted by: the ticket's columns that these events may change."""
        return {
            "revision": self.revision,
            "section": self.section,
            "category": self.category,
            "complexity": self.complexity,
            "priority": self.priority,
            "status": self.status,
            "status_changed_at": _moment(self.status_since),
            "assignee": self.assignee,
            "level": self.level,
            "first_call_resolved": self.outcome and self.outcome.first_call,
            "due_at": self.due,
            "expected_on": self.expected,
        }


def folded(base: TicketState, events: Iterable[AnyTicketEvent]) -> TicketState:
    """The state after these events, which are in order."""
    for event in events:
        base.apply(event)
    return base


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
