"""Who of several free operators is offered the call."""

from collections import Counter

from routing.alternatives import any_of
from routing.events import OfferFailed, QueueChanged
from routing.model import OfferOutcome, OperatorState, Queue
from routing.workload import NIGHT, Workload
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
    assert pairs(desk.call("c3")) == [("c3", "rested")], "an hour later neither was at calls: who worked least today"


def test_nobody_has_fewer_calls_by_refusing_them():
    desk = Desk(Queue("q", strategy="least-occupied", reask=1.0))
    desk.join("willing")
    desk.join("picky")
    (first,) = desk.call("c1")
    assert first.operator == "willing"
    desk.accept(first)
    (second,) = desk.call("c2")
    assert second.operator == "picky"
    desk.tell(OfferFailed(second.token, OfferOutcome.DECLINED))
    desk.hang_up("c2")
    desk.end(first)
    desk.ready("picky")
    assert pairs(desk.call("c3")) == [("c3", "willing")], "a refusal counts as the call that was not taken"


def test_work_of_yesterday_counts_no_more():
    load = Workload(3600.0)
    load.moved(OperatorState.OFFLINE, OperatorState.READY, 0.0)
    load.moved(OperatorState.READY, OperatorState.TALKING, 10.0)
    load.moved(OperatorState.TALKING, OperatorState.NOT_READY, 110.0)
    load.moved(OperatorState.NOT_READY, OperatorState.READY, 2000.0)
    assert load.today(2000.0) == 100.0
    load.moved(OperatorState.READY, OperatorState.OFFLINE, 3000.0)
    load.moved(OperatorState.OFFLINE, OperatorState.NOT_READY, 3000.0 + NIGHT)
    load.moved(OperatorState.NOT_READY, OperatorState.READY, 3100.0 + NIGHT)
    assert load.today(3100.0 + NIGHT) == 0.0


def test_the_best_skilled_is_asked_and_of_equals_the_longest_idle():
    desk = Desk(Queue("q", strategy="best-skilled"))
    desk.join("fair", law=2, tax=5)
    desk.join("good", law=4)
    desk.join("as-good", law=4)
    assert pairs(desk.call("c1", law=1)) == [("c1", "good")]
    assert pairs(desk.call("c2", law=1)) == [("c2", "as-good")]
    assert pairs(desk.call("c3", law=1)) == [("c3", "fair")]


def test_a_language_makes_nobody_better_skilled():
    desk = Desk(Queue("q", strategy="best-skilled"))
    desk.join("native", **{"law": 2, "language.tt": 5})
    desk.join("better", **{"law": 3, "language.tt": 1})
    assert pairs(desk.call("c1", **{"law": 1, "language.tt": 1})) == [("c1", "better")]


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


def test_some_of_a_group_are_left_free_for_the_calls_that_only_they_can_take():
    desk = Desk(Queue("q", leave_free={"law": 1}), Queue("urgent"))
    desk.join("anna", law=2)
    assert desk.call("c1") == [], "anna is the only one with law who is free"
    (urgent,) = desk.call("c2", queue="urgent", law=1)
    desk.accept(urgent)
    assert pairs(desk.join("boris")) == [("c1", "boris")]
    assert desk.call("c3") == []
    assert pairs(desk.join("clara", law=1)) == []
    assert pairs(desk.end(urgent)) == [("c3", "clara")], "two are free now, and clara has been idle longer"


def test_who_may_go_when_another_of_the_group_comes_free_is_not_always_that_one():
    desk = Desk(Queue("q", leave_free={"law": 1}))
    desk.join("knows-tax", law=1, tax=1)
    assert desk.call("c1", tax=1) == []
    assert pairs(desk.join("no-tax", law=1)) == [("c1", "knows-tax")]


def test_a_queue_that_leaves_nobody_free_any_more_offers_its_calls_at_once():
    desk = Desk(Queue("q", leave_free={"law": 1}))
    desk.join("anna", law=1)
    assert desk.call("c1") == []
    assert pairs(desk.tell(QueueChanged(Queue("q")))) == [("c1", "anna")]


def test_one_of_several_skills_will_do():
    desk = Desk()
    desk.join("neither", law=1, tax=2)
    desk.join("lawyer", law=2)
    desk.join("taxman", tax=3)
    needs = any_of({"law": 2, "tax": 3})
    (offer,) = desk.call("c1", **needs)
    assert offer.operator == "lawyer"
    assert pairs(desk.call("c2", **needs)) == [("c2", "taxman")]
    assert desk.call("c3", **needs) == []
    assert pairs(desk.join("late", tax=5)) == [("c3", "late")], "an operator who came later than the demand"
    assert desk.router.unmet(any_of({"law": 5, "physics": 1})) == "no operator has the skill law:5 or physics:1"
