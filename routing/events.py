"""What the router is told (events) and what it says (decisions)."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from routing.model import Contact, Offer, OfferOutcome, Operator, OperatorState, Queue


@dataclass(frozen=True, slots=True)
class OperatorJoined:
    """An operator is on the roster from now on; one who is there already is only changed."""

    operator: Operator
    ready: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OperatorChanged:
    """An operator's skills are others. A call that is at them goes on."""

    operator: Operator


@dataclass(frozen=True, slots=True)
class OperatorLeft:
    """An operator goes: at once, or after the call that is at them."""

    operator: str


@dataclass(frozen=True, slots=True)
class Ready:
    """An operator takes calls; ends after-call work early, and takes back a NotReady that waits for a call's end."""

    operator: str


@dataclass(frozen=True, slots=True)
class NotReady:
    """An operator takes no calls: at once, or after the call that is at them."""

    operator: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Enqueued:
    """A contact waits; or waits again in its old place, after an offer that ran out."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A contact needs something else, or waits in another queue; the time since which it waits stays what it was.

    A phone that rings for it goes on ringing.
    """

    contact: Contact


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A contact's caller hung up, or waits no longer."""

    contact: str


@dataclass(frozen=True, slots=True)
class OfferAccepted:
    """The operator picked up."""

    token: str


@dataclass(frozen=True, slots=True)
class OfferFailed:
    """The operator did not pick up. WITHDRAWN means that the caller is gone, so the contact leaves too."""

    token: str
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """An accepted offer's conversation is over."""

    token: str


@dataclass(frozen=True, slots=True)
class TalkFound:
    """A conversation is going on that the router does not know of (an engine restarted). What is, wins."""

    operator: str
    contact: str
    queue: str = ""


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """A queue is new or has other rules. One that is no longer open turns its waiting contacts away."""

    queue: Queue


@dataclass(frozen=True, slots=True)
class QueueRemoved:
    """A queue is no more; its waiting contacts are turned away."""

    name: str


@dataclass(frozen=True, slots=True)
class WaitExpected:
    """Whoever comes to this queue now is likely to wait so long (s); None: that is not known."""

    queue: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Tick:
    """Nothing but time has passed."""


Event = (
    OperatorJoined
    | OperatorChanged
    | OperatorLeft
    | Ready
    | NotReady
    | Enqueued
    | ContactChanged
    | Withdrawn
    | OfferAccepted
    | OfferFailed
    | ConversationEnded
    | TalkFound
    | QueueChanged
    | QueueRemoved
    | WaitExpected
    | Tick
)


class MakeOffer(msgspec.Struct, frozen=True, gc=False):
    """Ring this operator for this contact."""

    offer: Offer


class WithdrawOffer(msgspec.Struct, frozen=True, gc=False):
    """The offer holds no longer; ``outcome`` says why."""

    offer: Offer
    outcome: OfferOutcome


class OperatorStateChanged(msgspec.Struct, frozen=True, gc=False):
    """An operator is in another state (or has another reason) since ``since`` (s)."""

    operator: str
    state: OperatorState
    reason: str
    since: float


class ContactRequeued(msgspec.Struct, frozen=True, gc=False):
    """A contact waits again, in its old place, because the offer came to nothing."""

    contact: str
    outcome: OfferOutcome


class ContactTurnedAway(msgspec.Struct, frozen=True, gc=False):
    """A contact cannot wait here: ``why`` in words."""

    contact: str
    why: str


Decision = MakeOffer | WithdrawOffer | OperatorStateChanged | ContactRequeued | ContactTurnedAway
