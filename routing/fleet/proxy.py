"""A contact of a member at the leader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from routing.fleet import messages as say
from routing.fleet.messages import Message
from routing.model import Contact, Offer


@dataclass(slots=True)
class Proxy:
    """A contact of a member, as its owner at the leader's dispatcher (routing.ports.Owner)."""

    contact: Contact
    engine: str
    say: Callable[[Message, str], None]

    def offered(self, offer: Offer) -> None:
        """See Owner."""
        self.say(say.Offered(theirs(offer)), self.engine)

    def withdrawn(self, offer: Offer) -> None:
        """See Owner."""
        self.say(say.Lapsed(theirs(offer)), self.engine)

    def turned_away(self, why: str) -> None:
        """See Owner."""
        self.say(say.TurnedAway(self.contact.id.partition(":")[2], why), self.engine)


def theirs(offer: Offer) -> Offer:
    """The offer with the contact's name as its engine has it."""
    return replace(offer, contact=offer.contact.partition(":")[2])
