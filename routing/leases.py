"""Offers that are open: pending, or accepted and in conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from routing.heap import Timers
from routing.model import Offer, OfferState, Queue
from routing.room import ContactRecord
from routing.roster import OperatorRecord
from routing.states import OFFER_MOVES, checked


@dataclass(slots=True, eq=False)
class Lease:
    """One offer with both sides of it."""

    offer: Offer
    contact: ContactRecord
    operator: OperatorRecord
    queue: Queue
    state: OfferState = OfferState.PENDING


class Leases:
    """Open offers by token. A token that is not here, or not in the state asked for, is stale."""

    def __init__(self, timers: Timers, tokens: Callable[[], str], grace: float) -> None:
        self._timers = timers
        self._tokens = tokens
        self._grace = grace
        self._open: dict[str, Lease] = {}

    def open(self, contact: ContactRecord, operator: OperatorRecord, queue: Queue, why: str, now: float) -> Lease:
        """Offer this contact to this operator."""
        expires = now + queue.ring + self._grace
        offer = Offer(
            self._tokens(),
            contact.contact.id,
            operator.operator.id,
            expires,
            why,
            queue=queue.name,
            ring=queue.ring,
            made=now,
        )
        lease = contact.lease = operator.lease = Lease(offer, contact, operator, queue)
        self._open[offer.token] = lease
        self._timers.set(("lease", offer.token), expires)
        return lease

    def get(self, token: str, state: OfferState) -> Lease | None:
        """The offer of this token, if it is in this state."""
        lease = self._open.get(token)
        return lease if lease is not None and lease.state is state else None

    def accept(self, lease: Lease) -> None:
        """The operator picked up: it expires no more."""
        lease.state = checked(OFFER_MOVES, lease.state, OfferState.ACCEPTED)
        self._timers.cancel(("lease", lease.offer.token))

    def close(self, lease: Lease, state: OfferState) -> None:
        """The offer is over; both sides are free of it."""
        lease.state = checked(OFFER_MOVES, lease.state, state)
        self._timers.cancel(("lease", lease.offer.token))
        lease.contact.lease = lease.operator.lease = None
        del self._open[lease.offer.token]
