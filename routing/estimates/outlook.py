"""What a caller's wait depends on, as the router's board has it now: who is ahead, and who may take whom how soon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routing.estimates.line import Crew, Mine

if TYPE_CHECKING:
    from routing.board import Board
    from routing.bucket import Order
    from routing.model import Contact, Needs
    from routing.roster import OperatorRecord

MOST_SEEN = 2_000
"""Calls or operators; beyond so many nothing is looked at, for it would hold up routing (1,000 calls: 5 ms, seen)."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """``ahead``: the bit of the demand of each one who is taken before me, in order. ``able``: operators on duty who
    can take me, at the latest when I need least."""

    ahead: list[int]
    mine: Mine
    crews: list[Crew]
    able: int


class _Demands:
    """A bit for each demand that is met with, and the operators on duty who can serve it."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._bits: dict[frozenset[tuple[str, int]], int] = {}
        self.able: dict[int, int] = {}

    def bit(self, needs: Needs) -> int:
        key = frozenset(needs.items())
        bit = self._bits.get(key)
        if bit is None:
            bit = self._bits[key] = 1 << len(self._bits)
            self.able[bit] = self._board.index.skills.able(needs) & self._board.roster.duty_bits
        return bit


def outlook(
    board: Board, contact: Contact, order: Order, now: float, pace_of: Callable[[OperatorRecord], float]
) -> Outlook | None:
    """Of a contact at this place in the queue. ``pace_of``: calls a second that an operator serves.

    None when there is more to look at than would be right.
    """
    if len(board.room) > MOST_SEEN or len(board.roster) > MOST_SEEN:
        return None
    demands = _Demands(board)
    before = (record for record in board.room if record.bucket is not None and record.order < order)
    ahead = [demands.bit(record.needs_by(now)) for record in sorted(before, key=lambda record: record.order)]
    mine = [(0.0, demands.bit(contact.needs))]
    for after, needs in sorted(contact.relax, key=lambda step: step[0]):
        mine.append((max(0.0, contact.since + after - now), demands.bit(needs)))
    able = 0
    for _, bit in mine:
        able |= demands.able[bit]
    return Outlook(ahead, mine, _crews(board, demands, pace_of), able.bit_count())


def _crews(board: Board, demands: _Demands, pace_of: Callable[[OperatorRecord], float]) -> list[Crew]:
    """Operators on duty, by which of these demands they can serve; those who can serve none are left out."""
    groups = [(board.roster.duty_bits, 0)]
    for bit, able in demands.able.items():
        parts = [part for group, mask in groups for part in ((group & able, mask | bit), (group & ~able, mask))]
        groups = [(group, mask) for group, mask in parts if group]
    return [
        Crew(mask, sum(pace_of(operator) for operator in board.roster.among(group))) for group, mask in groups if mask
    ]
