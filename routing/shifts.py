"""What follows from what operators do: one small function an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from routing.board import Board
from routing.events import NotReady, OperatorChanged, OperatorJoined, OperatorLeft, Ready
from routing.model import Operator, OperatorState
from routing.roster import OperatorRecord

State = OperatorState


def _joined(board: Board, event: OperatorJoined, now: float) -> None:
    record = board.roster.get(event.operator.id)
    if record is None:
        state = State.READY if event.ready else State.NOT_READY
        board.roster.join(event.operator, state, "" if event.ready else event.reason, now)
    else:
        record.leaving = False
        board.roster.mark(record, now)
        _change(board, record, event.operator, now)


def _changed(board: Board, event: OperatorChanged, now: float) -> None:
    record = board.roster.get(event.operator.id)
    if record is not None:
        _change(board, record, event.operator, now)


def _change(board: Board, record: OperatorRecord, operator: Operator, now: float) -> None:
    if record.operator != operator:
        board.roster.change(record, operator, now)


def _left(board: Board, event: OperatorLeft, now: float) -> None:
    record = board.roster.get(event.operator)
    if record is not None:
        board.roster.leave(record, now)


def _ready(board: Board, event: Ready, now: float) -> None:
    record = board.roster.get(event.operator)
    if record is not None:
        board.roster.ready(record, now)


def _not_ready(board: Board, event: NotReady, now: float) -> None:
    record = board.roster.get(event.operator)
    if record is not None:
        board.roster.not_ready(record, event.reason, now)


EVENTS: dict[type, Callable[[Board, Any, float], None]] = {
    OperatorJoined: _joined,
    OperatorChanged: _changed,
    OperatorLeft: _left,
    Ready: _ready,
    NotReady: _not_ready,
}
"""By event. Operators who are not on the roster change nothing."""
