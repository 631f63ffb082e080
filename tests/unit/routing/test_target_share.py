"""Queues that are served by their shares."""

from collections import Counter
from random import Random

import pytest

from routing.events import (
    ConversationEnded,
    Enqueued,
    MakeOffer,
    OfferAccepted,
    OperatorJoined,
    QueueChanged,
    Withdrawn,
)
from routing.model import Contact, Operator, Queue
from routing.router import Router
from tests.unit.routing.desk import Desk, pairs


def served(*, calls: dict[str, int], hang_up: dict[str, float], rounds: int = 4000) -> Counter:
    """Answers by queue: one operator, each second a call is over and so many come, ``hang_up`` of them at once."""
    queues = [Queue("three", order="target-share", share=3.0), Queue("one", order="target-share")]
    numbers, chance = iter(range(10**9)), Random(5)
    router = Router(queues, tokens=lambda: f"t{next(numbers)}")
    offers = [d.offer for d in router.handle(OperatorJoined(Operator("anna"), ready=True), 0.0) if type(d) is MakeOffer]
    answered: Counter = Counter()
    for second in range(rounds):
        for queue, number in calls.items():
            for _ in range(number):
                name = f"c{next(numbers)}"
                offers += [
                    d.offer
                    for d in router.handle(Enqueued(Contact(name, queue, second)), second)
                    if type(d) is MakeOffer
                ]
                if chance.random() < hang_up.get(queue, 0.0) and not offers:
                    router.handle(Withdrawn(name), second)
        for offer in offers:
            router.handle(OfferAccepted(offer.token), second)
            answered[offer.queue] += 1
        offers = [
            made.offer
            for offer in offers
            for made in router.handle(ConversationEnded(offer.token), second + 0.5)
            if type(made) is MakeOffer
        ]
    return answered


@pytest.mark.parametrize(
    ("calls", "hang_up"),
    [
        ({"three": 2, "one": 2}, {}),
        ({"three": 1, "one": 5}, {}),
        ({"three": 3, "one": 2}, {"three": 0.6}),
    ],
)
def test_answers_are_in_proportion_to_the_shares_however_many_come_or_hang_up(calls, hang_up):
    answered = served(calls=calls, hang_up=hang_up)
    assert answered["three"] / answered["one"] == pytest.approx(3.0, rel=0.02)


def test_what_one_queue_does_not_use_the_other_has_and_nothing_is_saved_up():
    desk = Desk(Queue("a", order="target-share", share=9.0), Queue("b", order="target-share"))
    desk.join("anna")
    (offer,) = desk.call("b0", queue="b")
    desk.accept(offer)
    for number in range(1, 21):
        desk.call(f"b{number}", queue="b")
    taken = ""
    for number in range(30):
        if number == 10:
            for each in range(40):
                desk.call(f"a{each}", queue="a")
        (offer,) = desk.end(offer)
        desk.accept(offer)
        taken += offer.queue
    assert taken[:10] == "b" * 10
    assert taken[10:].count("b") == 2, "nine of ten are a's from the moment on at which they come, not all"


def test_who_waited_longer_before_a_restart_is_before_those_of_their_queue_who_came_first():
    desk = Desk(Queue("a", order="target-share"), Queue("b", order="target-share"))
    for name, since in (("late", 90.0), ("early", 10.0), ("middle", 50.0)):
        desk.tell(Enqueued(Contact(name, "a", since)), 100.0)
    offers = desk.join("anna")
    order = []
    while offers:
        order.append(offers[0].contact)
        desk.accept(offers[0])
        offers = desk.end(offers[0])
    assert order == ["early", "middle", "late"]


def test_another_share_holds_for_those_who_wait_too():
    desk = Desk(Queue("a", order="target-share"), Queue("b", order="target-share"))
    for number in range(8):
        desk.call(f"a{number}", queue="a")
        desk.call(f"b{number}", queue="b")
    desk.tell(QueueChanged(Queue("b", order="target-share", share=3.0)))
    offers, order = desk.join("anna"), ""
    for _ in range(8):
        order += offers[0].queue
        desk.accept(offers[0])
        offers = desk.end(offers[0])
    assert order.count("b") == 6
    assert pairs(offers)
