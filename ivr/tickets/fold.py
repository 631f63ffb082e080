"""How each event of a ticket changes what is known of it; one function an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ivr.tickets.events import (
    Assigned,
    Attached,
    Classified,
    Commented,
    Concluded,
    Contact,
    Demanded,
    Escalated,
    Extended,
    Given,
    Linked,
    Moved,
    NoticeChosen,
    Opened,
    Prioritised,
    Unlinked,
    Verified,
    WrappedUp,
)
from ivr.tickets.statuses import PAUSED

if TYPE_CHECKING:
    from ivr.tickets.state import TicketState


def _opened(ticket: TicketState, event: Opened) -> None:
    ticket.opened, ticket.registered, ticket.status_since = event, event.at, event.at
    ticket.section, ticket.category, ticket.term = event.section, event.category, event.term
    ticket.complexity = event.complexity


def _moved(ticket: TicketState, event: Moved) -> None:
    if ticket.paused is not None:
        ticket.pauses.append((ticket.paused, event.at))
    ticket.paused = event.at if event.after == PAUSED else None
    ticket.status, ticket.status_since = event.after, event.at
    ticket.history.append(event)


def _classified(ticket: TicketState, event: Classified) -> None:
    ticket.section, ticket.category, ticket.term = event.section, event.category, event.term
    ticket.complexity = event.complexity


def _prioritised(ticket: TicketState, event: Prioritised) -> None:
    ticket.priority, ticket.priority_reason = event.priority, event.why


def _assigned(ticket: TicketState, event: Assigned) -> None:
    ticket.assignee = event.operator


def _demanded(ticket: TicketState, event: Demanded) -> None:
    ticket.demand = event.text


def _given(ticket: TicketState, event: Given) -> None:
    ticket.given.append(event)


def _contact(ticket: TicketState, event: Contact) -> None:
    ticket.applicant[event.kind] = event


def _notice(ticket: TicketState, event: NoticeChosen) -> None:
    ticket.notice = event.way


def _concluded(ticket: TicketState, event: Concluded) -> None:
    ticket.outcome = event


def _wrapped_up(ticket: TicketState, event: WrappedUp) -> None:
    ticket.wrap_ups.append(event)


def _commented(ticket: TicketState, event: Commented) -> None:
    ticket.comments.append(event)


def _linked(ticket: TicketState, event: Linked) -> None:
    ticket.links[event.to] = event


def _unlinked(ticket: TicketState, event: Unlinked) -> None:
    ticket.links.pop(event.to, None)


def _attached(ticket: TicketState, event: Attached) -> None:
    ticket.attachments.append(event)


def _extended(ticket: TicketState, event: Extended) -> None:
    ticket.extension = event


def _escalated(ticket: TicketState, event: Escalated) -> None:
    ticket.escalations.append(event)


def _verified(ticket: TicketState, event: Verified) -> None:
    ticket.verifications.append(event)


STEPS: dict[type, Callable[[TicketState, Any], None]] = {
    Opened: _opened,
    Moved: _moved,
    Classified: _classified,
    Prioritised: _prioritised,
    Assigned: _assigned,
    Demanded: _demanded,
    Given: _given,
    Contact: _contact,
    NoticeChosen: _notice,
    Concluded: _concluded,
    WrappedUp: _wrapped_up,
    Commented: _commented,
    Linked: _linked,
    Unlinked: _unlinked,
    Attached: _attached,
    Extended: _extended,
    Escalated: _escalated,
    Verified: _verified,
}
"""By the kind of event; one that is not here is told in the history and changes nothing else."""
