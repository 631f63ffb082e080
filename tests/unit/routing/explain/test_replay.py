"""What is kept of a decision is enough for the same router to decide it again, with every rule on."""

import json
from random import Random

import pytest

from routing.events import MakeOffer, Tick
from routing.explain import capture, replay
from routing.explain.written import read, written
from routing.model import OfferState, Queue
from routing.orders import SHARED
from routing.strategies import STRATEGIES
from tests.unit.routing import days
from tests.unit.routing.desk import Desk


class Watched(days.Pair):
    """Router and oracle, and a look at each decision."""

    def __init__(self) -> None:
        super().__init__()
        self.looked = 0
        handle = self.router.handle

        self.router.handle = lambda event, now: self.look(handle(event, now))

    def tell(self, event, later: float = 0.0) -> None:
        """What fell due before it is decided before it."""
        super().tell(Tick(), later)
        super().tell(event)

    def look(self, decisions):
        offers = [each.offer for each in decisions if isinstance(each, MakeOffer)]
        if len(offers) == 1:
            self.again(offers[0])
        return decisions

    def again(self, offer) -> None:
        lease = self.router.board.leases.get(offer.token, OfferState.PENDING)
        if lease is None or STRATEGIES[lease.queue.strategy].lot:
            return
        if len({queue.order in SHARED for queue in self.router.board.queues.values()}) > 1:
            return  # no configuration has both: `ivr check`
        seen = capture.offered(self.router.board, lease, self.router._now)
        assert replay.operator(seen) == offer.operator, seen
        kept = read(json.loads(json.dumps(written(seen))))
        assert kept.chosen == offer.operator
        assert [each.operator for each in kept.operators] == [each.operator for each in seen.operators]
        assert replay.operator(kept) == offer.operator, kept
        self.looked += 1


@pytest.mark.parametrize(("seed", "operators", "refusals"), [(1, 12, 4), (2, 3, 25), (3, 6, 40), (4, 30, 10)])
def test_what_was_kept_is_decided_again_as_it_was(monkeypatch, seed, operators, refusals):
    monkeypatch.setattr(days, "Pair", Watched)
    pair = days.day(seed, 1500, operators, refusals)
    assert pair.looked > 10


def test_places_by_share_are_kept_as_they_were():
    desk, chance, busy = (
        Desk(*(Queue(n, order="target-share", share=s) for n, s in (("q", 1.0), ("r", 5.0)))),
        Random(3),
        [],
    )
    for name in ("anna", "boris", "clara"):
        desk.join(name, law=chance.randint(1, 3))
    for number in range(300):
        offers = desk.call(f"c{number}", queue=chance.choice("qr"), law=chance.randint(1, 2))
        if busy and chance.random() < 0.6:
            offers = desk.end(busy.pop(chance.randrange(len(busy))))
        for offer in offers:
            kept = read(json.loads(json.dumps(written(desk.router.seen(offer)))))
            assert replay.operator(kept) == offer.operator, kept
            desk.accept(offer)
            busy.append(offer)
