"""What a change of a ticket is made of: events, or the refusal that says what would have been allowed. Pure."""

from __future__ import annotations

from ivr.flow.sections import Sections
from ivr.tickets.events import AnyTicketEvent, Classified, Concluded, Moved, Prioritised
from ivr.tickets.state import TicketState
from ivr.tickets.statuses import require


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
