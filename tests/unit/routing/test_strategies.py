"""Who of several free operators is offered the call."""

from collections import Counter

from routing.model import Queue
from tests.unit.routing.desk import Desk, pairs


def test_the_least_occupied_is_asked_even_when_they_have_just_come_free():
    desk = Desk(Queue("q", strategy="least-occupied"))
    desk.join("busy")
    (long,) = desk.call("c1")
    desk.accept(long)
    desk.tick(600.0)
    desk.end(long)
    desk.join("rested")
    (short,) = desk.call("c2")
    assert short.operator == "rested"
    desk.accept(short)
    desk.tick(700.0)
    desk.end(short)
    desk.tick(5000.0)
    desk.tick(5100.0)
    assert pairs(desk.call("c3")) == [("c3", "busy")], "an hour later neither was at calls: the longest idle"


def test_the_best_skilled_is_asked_and_of_equals_the_longest_idle():
    desk = Desk(Queue("q", strategy="best-skilled"))
    desk.join("fair", law=2, tax=5)
    desk.join("good", law=4)
    desk.join("as-good", law=4)
    assert pairs(desk.call("c1", law=1)) == [("c1", "good")]
    assert pairs(desk.call("c2", law=1)) == [("c2", "as-good")]
    assert pairs(desk.call("c3", law=1)) == [("c3", "fair")]


def test_in_turn_whatever_becomes_of_the_offers():
    desk = Desk(Queue("q", strategy="round-robin"))
    for name in ("anna", "boris", "clara"):
        desk.join(name)
    asked = []
    for number in range(6):
        (offer,) = desk.call(f"c{number}")
        asked.append(offer.operator)
        desk.accept(offer)
        desk.end(offer)
    assert asked == ["anna", "boris", "clara"] * 2


def test_by_lot_everybody_has_a_share_and_the_better_skilled_the_larger():
    assert _shares("random", 3000)["novice"] > 1300
    assert 400 < _shares("weighted", 3000)["novice"] < 600


def _shares(strategy: str, calls: int) -> Counter:
    desk = Desk(Queue("q", strategy=strategy))
    desk.join("novice", law=1)
    desk.join("expert", law=5)
    asked: Counter = Counter()
    for number in range(calls):
        (offer,) = desk.call(f"c{number}", law=1)
        asked[offer.operator] += 1
        desk.accept(offer)
        desk.end(offer)
    return asked


def test_the_reason_names_the_strategy():
    desk = Desk(Queue("q", strategy="best-skilled"))
    desk.join("anna", law=4)
    (offer,) = desk.call("c1", law=1)
    assert desk.router.why(offer).startswith("anna: the best skilled; 1 of 1 operators have law:1")
