"""Offers that are open: pending, or accepted and in conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from routing.model import Offer, OfferState, Queue
from routing.room import ContactRecord
from routing.roster import OperatorRecord
from routing.states import OFFER_MOVES, checked
from routing.timers import Timer, Timers


@dataclass(slots=True, eq=False)
class Lease:
    """One offer with both sides of it. ``freed``: the operator came free beside waiting contacts.

    ``turn``: the operator's before it.
    """

    offer: Offer
    contact: ContactRecord
    operator: OperatorRecord
    queue: Queue
    freed: bool
    turn: int = 0
    state: OfferState = OfferState.PENDING
    timer: Timer | None = None


class Leases:
    """Open offers by token. A token that is not here, or not in the state asked for, is stale.

    ``expire`` is called with a token that nobody answered in time, and the time.
    """

    def __init__(
        self, timers: Timers, tokens: Callable[[], str], grace: float, expire: Callable[[str, float], None]
    ) -> None:
        self._timers = timers
        self._tokens = tokens
        self._grace = grace
        self._expire = expire
        self._open: dict[str, Lease] = {}
        self._made = 0

    def open(
        self, contact: ContactRecord, operator: OperatorRecord, queue: Queue, now: float, *, freed: bool = False
    ) -> Lease:
        """Offer this contact to this operator."""
        token, expires = self._tokens(), now + queue.ring + self._grace
        offer = Offer(token, contact.contact.id, operator.operator.id, expires, queue.name, queue.ring, now)
        lease = contact.lease = operator.lease = Lease(offer, contact, operator, queue, freed, operator.turn)
        self._open[token] = lease
        self._made += 1
        operator.turn = self._made
        lease.timer = self._timers.set(expires, self._expire, token)
        return lease

    def get(self, token: str, state: OfferState) -> Lease | None:
        """The offer of this token, if it is in this state."""
        lease = self._open.get(token)
        return lease if lease is not None and lease.state is state else None

    def accept(self, lease: Lease) -> None:
        """The operator picked up: it expires no more."""
        lease.state = checked(OFFER_MOVES, lease.state, OfferState.ACCEPTED)
        self._timers.cancel(lease.timer)

    def close(self, lease: Lease, state: OfferState) -> None:
        """The offer is over; both sides are free of it."""
        lease.state = checked(OFFER_MOVES, lease.state, state)
        self._timers.cancel(lease.timer)
        lease.contact.lease = lease.operator.lease = None
        del self._open[lease.offer.token]
