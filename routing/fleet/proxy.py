"""A contact of a member at the leader."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from routing.explain.written import Written
from routing.fleet import messages as say
from routing.fleet.messages import Message
from routing.model import Contact, Needs, Offer, Operator


@dataclass(slots=True)
class Proxy:
    """A contact of a member, as its owner at the leader's dispatcher (routing.ports.Owner)."""

    contact: Contact
    engine: str
    say: Callable[[Message, str], None]

    def offered(self, offer: Offer) -> None:
        """See Owner."""
        self.say(say.Offered(theirs(offer)), self.engine)

    def decided(self, seen: Callable[[], Written]) -> None:
        """See Owner."""
        self.say(say.Decided(self.contact.id.partition(":")[2], seen()), self.engine)

    def withdrawn(self, offer: Offer) -> None:
        """See Owner."""
        self.say(say.Lapsed(theirs(offer)), self.engine)

    def turned_away(self, why: str) -> None:
        """See Owner."""
        self.say(say.TurnedAway(self.contact.id.partition(":")[2], why), self.engine)


def theirs(offer: Offer) -> Offer:
    """The offer with the contact's name as its engine has it."""
    return replace(offer, contact=offer.contact.partition(":")[2])


PHONE = "phone."
"""Begins the skill of having a phone that an engine can ring: to the router it is a skill like another."""


def at_engine(engine: str, contact: Contact) -> Contact:
    """The contact as the leader's router has it: by its engine's name too, and for those whom that engine can ring."""

    def here(needs: Needs) -> Needs:
        return {**needs, PHONE + engine: 1}

    relax = tuple((after, here(needs)) for after, needs in contact.relax)
    return replace(contact, id=f"{engine}:{contact.id}", needs=here(contact.needs), relax=relax)


def with_phones(operator: Operator, engines: Iterable[str]) -> Operator:
    """The operator as the leader's router has them."""
    return dataclasses.replace(operator, skills={**operator.skills, **{PHONE + engine: 1 for engine in engines}})
