"""What members tell the leader and the leader tells members.

Times are by the sender's clock; ``read`` gives them by the reader's, so that no two machines need agree on the time.
"""

from __future__ import annotations

from typing import Any

import msgspec

from routing.model import Contact, Offer, OfferOutcome, Operator, OperatorState, Queue
from routing.states import BUSY
from routing.views import OperatorView, QueueView

AWAY = "engine-away"
"""Why an operator is offline whose engine is not there."""


class Held(msgspec.Struct, frozen=True):
    """An operator as an engine knows them. ``home``: the engine that alone serves them while it reaches no other;
    ``settled``: since when (s).

    ``contact``: who rings or talks, as ``engine:contact``; ``queue``: of the latest conversation. ``away``: that engine
    is not there; the rest is what was last known.
    """

    operator: Operator
    home: str = ""
    state: OperatorState = OperatorState.OFFLINE
    reason: str = ""
    since: float = 0.0
    contact: str = ""
    pause: str | None = None
    queue: str = ""
    away: bool = False
    settled: float = 0.0

    def view(self) -> OperatorView:
        """For those who look."""
        operator = self.operator
        if self.away and self.state not in BUSY:
            return OperatorView(operator.id, operator.skills, OperatorState.OFFLINE, AWAY, self.since)
        return OperatorView(
            operator.id, operator.skills, self.state, self.reason, self.since, self.contact, pause=self.pause
        )


class Talk(msgspec.Struct, frozen=True):
    """A conversation that goes on."""

    operator: str
    contact: str
    queue: str = ""


class Message(msgspec.Struct, frozen=True, tag=True):
    """Any of them."""

    def moved(self, by: float) -> Message:
        """With its times so much later (s)."""
        return self


class Wait(Message, frozen=True):
    """A contact waits here; again when ``again``: after an offer that lapsed."""

    contact: Contact
    again: bool = False

    def moved(self, by: float) -> Message:
        """See Message."""
        return msgspec.structs.replace(self, contact=_contact(self.contact, by))


class Left(Message, frozen=True):
    """A contact waits no more."""

    contact: str


class Accepted(Message, frozen=True):
    """The operator of this offer picked up."""

    offer: Offer

    def moved(self, by: float) -> Message:
        """See Message."""
        return msgspec.structs.replace(self, offer=_offer(self.offer, by))


class Failed(Message, frozen=True):
    """The operator of this offer did not pick up."""

    offer: Offer
    outcome: OfferOutcome

    def moved(self, by: float) -> Message:
        """See Message."""
        return msgspec.structs.replace(self, offer=_offer(self.offer, by))


class Talking(Message, frozen=True):
    """A conversation was found going on."""

    talk: Talk


class TalkEnded(Message, frozen=True):
    """A contact's conversation is over."""

    contact: str


class Joined(Message, frozen=True):
    """An operator is on this engine's roster."""

    operator: Operator
    ready: bool = False
    reason: str = ""


class Changed(Message, frozen=True):
    """An operator's skills are others."""

    operator: Operator


class Removed(Message, frozen=True):
    """An operator goes."""

    operator: str


class Ready(Message, frozen=True):
    """An operator takes calls, and is at home at this engine from now on (``settled``, s)."""

    operator: Operator
    settled: float = 0.0

    def moved(self, by: float) -> Message:
        """See Message."""
        return msgspec.structs.replace(self, settled=self.settled + by)


class NotReady(Message, frozen=True):
    """An operator takes no calls."""

    operator: str
    reason: str = ""


class Queues(Message, frozen=True):
    """The queues of this engine's configuration, and those of its contacts who wait otherwise than before."""

    queues: list[Queue]
    contacts: list[Contact] = []

    def moved(self, by: float) -> Message:
        """See Message."""
        return msgspec.structs.replace(self, contacts=[_contact(contact, by) for contact in self.contacts])


class Expects(Message, frozen=True):
    """Whoever comes to this queue now is likely to wait so long (s)."""

    queue: str
    seconds: float | None = None


class Alive(Message, frozen=True):
    """This engine is there."""


class Announce(Message, frozen=True):
    """All that an engine holds: operators it knows, queues, who waits, whose phone rings for whom, who talks.

    ``roster``: operators whose phone it can ring.
    """

    roster: list[str] = []
    operators: list[Held] = []
    queues: list[Queue] = []
    waiting: list[Contact] = []
    ringing: list[tuple[Contact, Offer]] = []
    talks: list[Talk] = []

    def moved(self, by: float) -> Message:
        """See Message."""
        return msgspec.structs.replace(
            self,
            operators=[_held(held, by) for held in self.operators],
            waiting=[_contact(contact, by) for contact in self.waiting],
            ringing=[(_contact(contact, by), _offer(offer, by)) for contact, offer in self.ringing],
        )


class Offered(Message, frozen=True):
    """The leader: ring this operator for this contact of yours."""

    offer: Offer

    def moved(self, by: float) -> Message:
        """See Message."""
        return msgspec.structs.replace(self, offer=_offer(self.offer, by))


class Decided(Message, frozen=True):
    """The leader: what it saw when it offered this contact, as routing.explain.written has it."""

    contact: str
    seen: dict[str, Any]


class Lapsed(Message, frozen=True):
    """The leader: this offer holds no longer."""

    offer: Offer


class TurnedAway(Message, frozen=True):
    """The leader: this contact cannot wait here."""

    contact: str
    why: str


class Seen(Message, frozen=True):
    """The leader: how operators and queues are now; with ``whole`` these are all operators, ``engines`` all members."""

    operators: list[Held] = []
    gone: list[str] = []
    queues: list[QueueView] | None = None
    whole: bool = False
    engines: list[str] = []
    leader: str = ""

    def moved(self, by: float) -> Message:
        """See Message."""
        return msgspec.structs.replace(self, operators=[_held(held, by) for held in self.operators])


class TellAll(Message, frozen=True):
    """The leader: announce all that you hold."""


Known = (
    Wait
    | Left
    | Accepted
    | Failed
    | Talking
    | TalkEnded
    | Joined
    | Changed
    | Removed
    | Ready
    | NotReady
    | Queues
    | Expects
    | Alive
    | Announce
    | Offered
    | Decided
    | Lapsed
    | TurnedAway
    | Seen
    | TellAll
)

_decoder = msgspec.json.Decoder(tuple[float, Known])


def written(message: Message, now: float) -> bytes:
    """The message for a link; ``now`` by the clock of the times in it (s)."""
    return msgspec.json.encode((now, message))


def read(body: bytes, now: float) -> Message:
    """The message, its times by the clock that says ``now`` (s). Raises msgspec.ValidationError."""
    at, message = _decoder.decode(body)
    return message.moved(now - at)


def _contact(contact: Contact, by: float) -> Contact:
    return msgspec.structs.replace(contact, since=contact.since + by)


def _offer(offer: Offer, by: float) -> Offer:
    return msgspec.structs.replace(offer, expires=offer.expires + by, made=offer.made + by)


def _held(held: Held, by: float) -> Held:
    return msgspec.structs.replace(held, since=held.since + by, settled=held.settled + by if held.settled else 0.0)
