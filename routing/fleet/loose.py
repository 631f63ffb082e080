"""Calls that a leader did not bring together itself: phones that ring, conversations that nobody reports."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from routing.fleet.standing import Standing
from routing.model import Contact, Offer, OfferOutcome

ORPHAN_SECONDS = 60.0
"""How long a conversation is taken to go on whose engine is not there."""

RECALL_SECONDS = 5.0
"""How long an engine that is back has to find the conversations of its earlier life."""


@dataclass(frozen=True, slots=True)
class _Hold:
    offer: Offer
    contact: Contact
    engine: str


class Holds:
    """Offers of an earlier leader whose phone rings yet: their operators are offered nothing meanwhile.

    ``lapsed(offer, engine)``: nobody said in time what became of it.
    """

    def __init__(self, standing: Standing, now: Callable[[], float], lapsed: Callable[[Offer, str], None]) -> None:
        self._standing, self._now, self._lapsed = standing, now, lapsed
        self._holds: dict[str, _Hold] = {}

    def take(self, offer: Offer, contact: Contact, engine: str) -> None:
        """This phone rings."""
        self._holds[offer.token] = _Hold(offer, contact, engine)
        self._standing.hold(offer.operator)

    def answered(self, offer: Offer) -> None:
        """It was picked up."""
        self._holds.pop(offer.token, None)

    def failed(self, offer: Offer, outcome: OfferOutcome) -> tuple[Contact | None, str]:
        """It was not picked up: whose it was, and their engine."""
        hold = self._holds.pop(offer.token, None)
        if hold is None:
            return None, ""
        self._standing.release(hold.offer.operator, outcome)
        return hold.contact, hold.engine

    def left(self, contact: str) -> None:
        """The caller is gone."""
        for token in [token for token, hold in self._holds.items() if f"{hold.engine}:{hold.contact.id}" == contact]:
            self._standing.release(self._holds.pop(token).offer.operator, OfferOutcome.WITHDRAWN)

    def drop(self, engine: str) -> None:
        """The engine is not there any more."""
        for token in [token for token, hold in self._holds.items() if hold.engine == engine]:
            self._standing.release(self._holds.pop(token).offer.operator, OfferOutcome.WITHDRAWN)

    def look(self) -> None:
        """What became of those that have lasted too long?"""
        for token in [token for token, hold in self._holds.items() if hold.offer.expires < self._now()]:
            hold = self._holds.pop(token)
            self._standing.release(hold.offer.operator, OfferOutcome.EXPIRED)
            self._lapsed(hold.offer, hold.engine)


class Orphans:
    """Conversations of engines that are not there: they go on, but not for ever. ``end(contact)``: taken to be over."""

    def __init__(self, now: Callable[[], float], end: Callable[[str], None]) -> None:
        self._now, self._end = now, end
        self._due: dict[str, float] = {}

    def hold(self, contacts: Collection[str], seconds: float = ORPHAN_SECONDS) -> None:
        """These go on for so long, unless somebody says more of them."""
        self._due.update(dict.fromkeys(contacts, self._now() + seconds))

    def forget(self, contact: str) -> None:
        """Its engine is there."""
        self._due.pop(contact, None)

    def look(self) -> None:
        """What is taken to be over?"""
        for contact in [contact for contact, due in self._due.items() if due < self._now()]:
            del self._due[contact]
            self._end(contact)
