"""How a call that is over ended, as its ticket says."""

from __future__ import annotations

from ivr.calllog.events import End
from ivr.calllog.state import CallState

REACHED = frozenset({End.ANSWERED, End.MESSAGE, End.CALLBACK, End.TRANSFERRED})
"""Ends that a caller came to, whatever failed afterwards."""


def end_of(state: CallState, *, served: bool = False) -> End:
    """How a call that is over ended. ``served``: what was called for was heard."""
    if state.answered is not None:
        return End.ANSWERED
    if state.message:
        return End.MESSAGE
    if state.callback is not None:
        return End.CALLBACK
    if state.transferred:
        return End.TRANSFERRED
    if state.waiting:
        return End.ABANDONED_RINGING if state.offered_to else End.ABANDONED_QUEUE
    return End.COMPLETED if served else End.ABANDONED_MENU


def cut_short(state: CallState) -> End:
    """How a call ended that could be led no further, before what was called for was heard."""
    known = end_of(state)
    return known if known in REACHED else End.REFUSED
