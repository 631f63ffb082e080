"""What a caller's wait depends on, as the router's board has it now: who is ahead, and who may take whom how soon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routing.replay import Crew, Mine
from routing.states import ON_DUTY

if TYPE_CHECKING:
    from routing.board import Board
    from routing.heap import Order
    from routing.model import Contact
    from routing.roster import OperatorRecord

MOST_SEEN = 20_000
"""Calls or operators; beyond so many nothing is looked at, for it would hold up routing."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """``ahead``: the bit of the demand of each one who is taken before me, in order. ``able``: operators on duty who
    can, at the latest when I need least."""

    ahead: list[int]
    mine: Mine
    crews: list[Crew]
    able: int


def outlook(
    board: Board, contact: Contact, order: Order, now: float, pace_of: Callable[[OperatorRecord], float]
) -> Outlook | None:
    """Of a contact at this place in the queue. ``pace_of``: calls a second that an operator serves.

    None when there is more to look at than would be right.
    """
    if len(board.room) > MOST_SEEN or len(board.roster) > MOST_SEEN:
        return None
    waiting = sorted(
        (record.order, record.bucket.bit) for record in board.room if record.bucket is not None and record.order < order
    )
    ahead = [bit for _, bit in waiting]
    mine = [(0.0, board.index.bucket(contact.needs).bit)]
    for after, needs in sorted(contact.relax, key=lambda step: step[0]):
        mine.append((max(0.0, contact.since + after - now), board.index.bucket(needs).bit))
    asked = 0
    for bit in {*ahead, *(bit for _, bit in mine)}:
        asked |= bit
    own = 0
    for _, bit in mine:
        own |= bit
    rates: dict[int, float] = {}
    able = 0
    for operator in board.roster:
        mask = operator.group.mask & asked
        if mask and operator.state in ON_DUTY and not operator.leaving and operator.pause is None:
            rates[mask] = rates.get(mask, 0.0) + pace_of(operator)
            able += bool(mask & own)
    return Outlook(ahead, mine, [Crew(mask, rate) for mask, rate in rates.items()], able)
