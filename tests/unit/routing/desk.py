"""A router on a desk: a virtual clock, tokens t1, t2 …, and short words for events."""

from itertools import count

from routing.events import (
    ContactTurnedAway,
    ConversationEnded,
    Enqueued,
    MakeOffer,
    NotReady,
    OfferAccepted,
    OfferFailed,
    OperatorChanged,
    OperatorJoined,
    OperatorLeft,
    Ready,
    Tick,
    Withdrawn,
)
from routing.model import Contact, Offer, OfferOutcome, Operator, OperatorState, Queue
from routing.router import Router


class Desk:
    def __init__(self, *queues: Queue) -> None:
        tokens = count(1)
        self.now = 0.0
        self.router = Router(queues or [Queue("q")], tokens=lambda: f"t{next(tokens)}", grace=5.0)
        self.decisions: list = []

    def tell(self, event, at: float | None = None) -> list[Offer]:
        """The offers that follow; all decisions are in ``decisions``."""
        self.now = self.now + 1 if at is None else at
        self.decisions = self.router.handle(event, self.now)
        return [decision.offer for decision in self.decisions if isinstance(decision, MakeOffer)]

    def join(self, name: str, ready: bool = True, **skills: int) -> list[Offer]:
        return self.tell(OperatorJoined(Operator(name, skills), ready))

    def change(self, name: str, **skills: int) -> list[Offer]:
        return self.tell(OperatorChanged(Operator(name, skills)))

    def leave(self, name: str) -> list[Offer]:
        return self.tell(OperatorLeft(name))

    def ready(self, name: str) -> list[Offer]:
        return self.tell(Ready(name))

    def pause(self, name: str, reason: str = "lunch") -> list[Offer]:
        return self.tell(NotReady(name, reason))

    def call(
        self, name: str, *, queue="q", relax=(), priority=0, since=None, prefer=None, own="", sticky=30.0, **needs: int
    ) -> list[Offer]:
        self.now += 1
        since = self.now if since is None else since
        contact = Contact(name, queue, since, needs, relax, priority, prefer or {}, own, sticky)
        return self.tell(Enqueued(contact), self.now)

    def hang_up(self, name: str) -> list[Offer]:
        return self.tell(Withdrawn(name))

    def accept(self, offer: Offer) -> list[Offer]:
        return self.tell(OfferAccepted(offer.token))

    def fail(self, offer: Offer, outcome: OfferOutcome = OfferOutcome.NO_ANSWER) -> list[Offer]:
        return self.tell(OfferFailed(offer.token, outcome))

    def end(self, offer: Offer) -> list[Offer]:
        return self.tell(ConversationEnded(offer.token))

    def tick(self, at: float) -> list[Offer]:
        return self.tell(Tick(), at)

    def state(self, name: str) -> tuple[OperatorState, str]:
        record = self.router.board.roster.get(name)
        return (record.state, record.reason) if record else (OperatorState.OFFLINE, "")

    def turned_away(self) -> list[tuple[str, str]]:
        return [(d.contact, d.why) for d in self.decisions if isinstance(d, ContactTurnedAway)]


def pairs(offers: list[Offer]) -> list[tuple[str, str]]:
    return [(offer.contact, offer.operator) for offer in offers]
