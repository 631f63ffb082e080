"""What may follow what, as tables: operators and offers. A move that is not in its table is a fault and raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from routing.model import OfferOutcome, OfferState, OperatorState

State = TypeVar("State", OperatorState, OfferState)

_S = OperatorState
_O = OfferState

OPERATOR_MOVES: Mapping[OperatorState, frozenset[OperatorState]] = {
    _S.OFFLINE: frozenset({_S.READY, _S.NOT_READY}),
    _S.NOT_READY: frozenset({_S.READY, _S.TALKING, _S.OFFLINE}),
    _S.READY: frozenset({_S.OFFERED, _S.NOT_READY, _S.TALKING, _S.OFFLINE}),
    _S.OFFERED: frozenset({_S.TALKING, _S.READY, _S.NOT_READY, _S.OFFLINE}),
    _S.TALKING: frozenset({_S.AFTER_CALL, _S.READY, _S.NOT_READY, _S.OFFLINE}),
    _S.AFTER_CALL: frozenset({_S.READY, _S.NOT_READY, _S.TALKING, _S.OFFLINE}),
}
"""TALKING without an offer before it: a conversation that was found going on after a restart."""

OFFER_MOVES: Mapping[OfferState, frozenset[OfferState]] = {
    _O.PENDING: frozenset(_O) - {_O.PENDING, _O.FINISHED},
    _O.ACCEPTED: frozenset({_O.FINISHED}),
    **{state: frozenset[OfferState]() for state in _O if state not in (_O.PENDING, _O.ACCEPTED)},
}

AFTER_OFFER: Mapping[OfferOutcome, OperatorState] = {
    OfferOutcome.NO_ANSWER: _S.NOT_READY,
    OfferOutcome.DECLINED: _S.NOT_READY,
    OfferOutcome.UNREACHABLE: _S.NOT_READY,
    OfferOutcome.EXPIRED: _S.NOT_READY,
    OfferOutcome.WITHDRAWN: _S.READY,
}
"""What an operator is after an offer without a conversation. NOT_READY carries the outcome as its reason."""

ON_DUTY = frozenset({_S.READY, _S.OFFERED, _S.TALKING, _S.AFTER_CALL})
"""States of an operator who takes calls, now or as soon as the present one is over."""

AT_CALLS = frozenset({_S.OFFERED, _S.TALKING, _S.AFTER_CALL})
"""States that count as work at calls."""

BUSY = frozenset({_S.OFFERED, _S.TALKING})
"""States in which a call is at the operator: whatever is asked of them meanwhile takes effect after it."""


class ForbiddenMove(Exception):
    """A state was to follow another that it may not follow: a fault in the router, never a user's."""


def checked(table: Mapping[State, frozenset[State]], old: State, new: State) -> State:
    """``new``, if it may follow ``old``. Raises ForbiddenMove."""
    if new not in table[old]:
        raise ForbiddenMove(f"{type(old).__name__}: {new} may not follow {old}")
    return new
