"""Why this operator: one line for the ticket, of bounded length, made when it is asked for and not before."""

from __future__ import annotations

from itertools import islice

from routing.board import Board
from routing.demand import lacking, spoken
from routing.leases import Lease
from routing.model import OperatorState
from routing.room import ContactRecord
from routing.roster import OperatorRecord
from routing.strategies import STRATEGIES

_LOOKED_AT = 64
_NAMED = 4


def why(lease: Lease, board: Board) -> str:
    """Why this offer was made, by what is known now: ask before the next event."""
    contact, operator, made = lease.contact, lease.operator, lease.offer.made
    if lease.freed:
        waited = f"{max(0.0, made - contact.contact.since):.0f} s"
        because = f"came free; of {board.room.waiting + 1} waiting this is the first that it may take ({waited})"
    elif contact.held:
        because = "the operator asked for by name"
    else:
        because = STRATEGIES[lease.queue.strategy].because.format(idle=max(0.0, made - operator.idle[0]))
    able = board.index.skills.able(contact.needs)
    count = f"{able.bit_count()} of {len(board.roster)} operators have {spoken(contact.needs)}"
    return f"{operator.operator.id}: {because}; {count}{_ruled_out(operator, contact, able, board)}"


def _ruled_out(chosen: OperatorRecord, contact: ContactRecord, able: int, board: Board) -> str:
    """The first few who could not be asked, each with the rule that says so."""
    looked = islice(board.roster, _LOOKED_AT)
    kept = board.index.bucket(contact.needs, contact.leave_free).kept(
        board.index.skills, board.roster.ready_bits | chosen.bit
    )
    rules = ((other.operator.id, _rule(other, contact, able, kept)) for other in looked if other is not chosen)
    out = [f"{operator} {rule}" for operator, rule in islice(((o, r) for o, r in rules if r), _NAMED + 1)]
    if not out:
        return ""
    more = ", and others" if len(out) > _NAMED or len(board.roster) > _LOOKED_AT else ""
    return f"; not {', '.join(out[:_NAMED])}{more}"


def _rule(operator: OperatorRecord, contact: ContactRecord, able: int, kept: int) -> str:
    if not operator.bit & able:
        return f"lacks {lacking(operator.operator.skills, contact.needs)}"
    if contact.refused_by(operator.operator.id):
        return "refused this call"
    if operator.state is not OperatorState.READY:
        reason = "".join(filter(str.isprintable, operator.reason))[:40]
        return f"{operator.state} ({reason})" if reason else str(operator.state)
    return "is left free for other calls" if operator.bit & kept else ""
