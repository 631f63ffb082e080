"""Why this operator: one line for the ticket, of bounded length and made in bounded time."""

from __future__ import annotations

from itertools import islice

from routing.board import Board
from routing.demand import lacking, spoken
from routing.model import OperatorState
from routing.room import ContactRecord
from routing.roster import OperatorRecord, Roster

_LOOKED_AT = 64
_NAMED = 4


def of_operators(chosen: OperatorRecord, because: str, contact: ContactRecord, board: Board, now: float) -> str:
    """For an operator who was chosen among the free ones."""
    idle = f"{because} ({max(0.0, now - chosen.idle[0]):.0f} s)"
    return f"{chosen.operator.id}: {idle}; {_able(contact, board.roster)}{_ruled_out(chosen, contact, board.roster)}"


def of_contacts(chosen: OperatorRecord, contact: ContactRecord, board: Board, now: float) -> str:
    """For an operator who came free while contacts waited."""
    waited = f"{max(0.0, now - contact.contact.since):.0f} s"
    first = f"came free; of {board.room.waiting} waiting this is the first that it may take ({waited})"
    return f"{chosen.operator.id}: {first}; {_able(contact, board.roster)}{_ruled_out(chosen, contact, board.roster)}"


def _able(contact: ContactRecord, roster: Roster) -> str:
    able = contact.bucket.able if contact.bucket else 0
    return f"{able} of {len(roster)} operators have {spoken(contact.needs)}"


def _ruled_out(chosen: OperatorRecord, contact: ContactRecord, roster: Roster) -> str:
    """The first few who could not be asked, each with the rule that says so."""
    looked = islice(roster, _LOOKED_AT)
    rules = ((other.operator.id, _rule(other, contact)) for other in looked if other is not chosen)
    out = [f"{operator} {rule}" for operator, rule in islice(((o, r) for o, r in rules if r), _NAMED + 1)]
    if not out:
        return ""
    more = ", and others" if len(out) > _NAMED or len(roster) > _LOOKED_AT else ""
    return f"; not {', '.join(out[:_NAMED])}{more}"


def _rule(operator: OperatorRecord, contact: ContactRecord) -> str:
    if contact.bucket is not None and not operator.group.mask & contact.bucket.bit:
        return f"lacks {lacking(operator.operator.skills, contact.needs)}"
    if operator.operator.id in contact.refused:
        return "refused this call"
    if operator.state is not OperatorState.READY:
        reason = "".join(filter(str.isprintable, operator.reason))[:40]
        return f"{operator.state} ({reason})" if reason else str(operator.state)
    return ""
