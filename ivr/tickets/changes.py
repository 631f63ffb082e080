"""What a change of a ticket is made of: events, or the refusal that says what would have been allowed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ivr.flow.escalation import LEVELS
from ivr.flow.sections import Sections
from ivr.tickets.deadlines import expected_on
from ivr.tickets.events import (
    AnyTicketEvent,
    Classified,
    Concluded,
    Escalated,
    Extended,
    Moved,
    NoticeDue,
    Prioritised,
)
from ivr.tickets.state import TicketState
from ivr.tickets.statuses import require

LONGEST_EXTENSION = timedelta(days=365)


class ExtensionRefused(ValueError):
    """The ticket is closed, or the day is not one of the year after ``promised``."""

    def __init__(self, promised: date) -> None:
        super().__init__(promised)
        self.promised = promised


class EscalationRefused(ValueError):
    """It cannot be handed up to that level, but to these."""

    def __init__(self, levels: Sequence[str]) -> None:
        super().__init__(levels)
        self.levels = tuple(levels)


def moved(state: TicketState, status: str, *, at: float, by: str, reason: str = "") -> list[AnyTicketEvent]:
    """To another status. Raises StatusRefused, which says which may follow."""
    require(state.status, status)
    return [Moved(at=at, by=by, before=state.status, after=status, reason=reason)]


def classified(
    state: TicketState, about: Sections, section: str, category: str, complexity: int | None, *, at: float, by: str
) -> list[AnyTicketEvent]:
    """To another section, category or complexity; the term follows from the first two."""
    said = Classified(
        at=at,
        by=by,
        section=section,
        category=category,
        term=about.term(section, category),
        complexity=complexity or about.complexity(category),
    )
    same = (said.section, said.category, said.complexity) == (state.section, state.category, state.complexity)
    return [] if same else [said]


def prioritised(state: TicketState, priority: int, why: str, *, at: float, by: str) -> list[AnyTicketEvent]:
    """More or less urgent, and why."""
    return [] if priority == state.priority else [Prioritised(at=at, by=by, priority=priority, why=why)]


def concluded(
    state: TicketState, outcome: str | None, first_call: bool | None, *, at: float, by: str
) -> list[AnyTicketEvent]:
    """What came of it; what is left out stays as it was."""
    before = state.outcome
    words = outcome if outcome is not None else before.outcome if before else ""
    solved = first_call if first_call is not None else before.first_call if before else None
    if before is not None and (before.outcome, before.first_call) == (words, solved):
        return []
    return [Concluded(at=at, by=by, outcome=words, first_call=solved)]


def extended(state: TicketState, until: date, reason: str, *, at: float, by: str) -> list[AnyTicketEvent]:
    """The term by a later day; an applicant who wants notices is to have one. Raises ExtensionRefused."""
    before = expected_on(state.promised)
    if not state.open or not before < until <= before + LONGEST_EXTENSION:
        raise ExtensionRefused(before)
    said: list[AnyTicketEvent] = [Extended(at=at, by=by, until=until, reason=reason, before=before)]
    return [*said, NoticeDue(at=at, by=by, way=state.notice, what="deadline")] if state.notice else said


def escalated(state: TicketState, to: str, why: str, *, at: float, by: str, rule: str = "") -> list[AnyTicketEvent]:
    """Handed up. Raises EscalationRefused for a level that is not above the one that it is at."""
    if to not in above(state.level):
        raise EscalationRefused(above(state.level))
    return [Escalated(at=at, by=by, to=to, why=why, rule=rule)]


def above(level: str) -> tuple[str, ...]:
    """The levels to which a ticket at ``level`` can be handed up."""
    return LEVELS[LEVELS.index(level) + 1 :] if level else LEVELS
