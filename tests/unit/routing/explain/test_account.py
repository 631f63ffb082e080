"""The reasons of a decision, and what it would have been otherwise."""

import pytest

from routing.alternatives import any_of
from routing.events import OfferFailed
from routing.explain import replay
from routing.explain.account import Change, Out, Rule, account
from routing.explain.capture import MOST
from routing.explain.suppose import Chose, Had, Needed, NotKept, Priority, Took, Waited, Were, suppose
from routing.explain.written import FormUnknown, read, written
from routing.model import OfferOutcome, Operator, Queue
from tests.unit.routing.desk import Desk


def kept(desk, offer):
    return read(written(desk.router.seen(offer)))


def waiting(desk, contact="c1"):
    return read(written(desk.router.seen_waiting(contact, desk.now)))


def who(seen, *suppositions, roster=()):
    return replay.operator(suppose(seen, suppositions, {each.id: each for each in roster}))


def test_who_was_eligible_and_who_was_ruled_out_by_which_rule():
    desk = Desk()
    desk.join("anna", technical=3)
    desk.join("boris", technical=2)
    desk.join("ivan", technical=1)
    desk.join("olga", ready=False, technical=3)
    desk.pause("olga", "lunch")
    (offer,) = desk.call("c1", technical=2)
    found = account(kept(desk, offer))
    assert (found.chosen, found.eligible) == ("anna", ("anna", "boris"))
    assert set(found.out) == {Out("ivan", Rule.LACKS, "technical:2"), Out("olga", Rule.STATE, "not-ready", "lunch")}
    assert (found.seen.roster, found.seen.able, found.seen.free) == (4, 3, 2)


def test_who_refused_is_told_and_when_they_would_have_been_asked_again():
    desk = Desk(Queue("q", reask=60.0))
    desk.join("anna")
    desk.join("boris")
    (first,) = desk.call("c1")
    (second,) = desk.tell(OfferFailed(first.token, OfferOutcome.WITHDRAWN)) or desk.call("c2")
    found = account(kept(desk, second))
    assert found.eligible == ("anna", "boris")
    (third,) = desk.fail(second)
    desk.ready("anna")
    seen = kept(desk, third)
    assert Out("anna", Rule.REFUSED, until=pytest.approx(59, abs=2)) in account(seen).out


def test_a_relaxation_is_when_it_would_have_changed():
    desk = Desk()
    desk.join("ivan", technical=1)
    desk.call("c1", relax=[(30.0, {"technical": 1})], technical=2)
    found = account(waiting(desk))
    assert found.chosen == ""
    assert found.out == (Out("ivan", Rule.LACKS, "technical:2", until=30.0),)
    assert found.change == Change(30.0, "ivan")


def test_a_call_that_waits_for_its_own_operator_says_so_and_until_when():
    desk = Desk()
    desk.join("boris")
    desk.join("anna")
    desk.call("c0", own="anna")
    desk.call("c1", own="anna", sticky=30.0)
    found = account(waiting(desk))
    assert Out("boris", Rule.HELD, "anna", until=30.0) in found.out
    assert found.change == Change(30.0, "boris")


def test_who_is_left_free_for_other_calls():
    desk = Desk(Queue("q", leave_free={"law": 1}))
    desk.join("anna", law=3)
    desk.call("c1")
    assert account(waiting(desk)).out == (Out("anna", Rule.LEFT_FREE, "law"),)


def test_the_calls_ahead_that_the_operator_could_not_take_and_the_next_that_they_could():
    desk = Desk()
    desk.call("hard", technical=5)
    desk.call("easy")
    desk.call("later")
    (offer,) = desk.join("anna")
    found = account(kept(desk, offer))
    assert found.seen.freed
    assert found.ahead == (Out("hard", Rule.LACKS, "technical:5"),)
    assert found.elsewhere == "later"


def test_what_if_an_operator_had_a_skill():
    desk = Desk()
    desk.join("op7", payments=1)
    desk.join("op8", payments=3)
    (offer,) = desk.call("c1", payments=3)
    seen = kept(desk, offer)
    assert (offer.operator, who(seen)) == ("op8", "op8")
    assert who(seen, Had("op7", "payments", 3)) == "op7"
    assert who(seen, Had("op8", "payments", 0)) == ""
    assert who(seen, Had("op8", "payments", 0), Needed("payments", 1)) == "op7"
    assert who(seen, Were("op8", ready=False)) == ""


def test_what_if_an_operator_had_been_ready_or_had_not_refused():
    desk = Desk(Queue("q", reask=60.0))
    desk.join("anna", ready=False)
    desk.join("boris")
    (offer,) = desk.call("c1")
    seen = kept(desk, offer)
    assert who(seen, Were("boris", ready=False), Were("anna", ready=True)) == "anna"
    desk.fail(offer)
    assert who(waiting(desk)) == ""
    assert who(waiting(desk), Took("boris")) == "boris"


def test_what_if_the_call_had_waited_or_been_more_urgent_or_the_queue_had_chosen_otherwise():
    desk = Desk()
    desk.join("ivan", law=1)
    desk.join("anna", law=5)
    (offer,) = desk.call("c1", law=1)
    assert who(kept(desk, offer), Chose("best-skilled")) == "anna"
    desk = Desk(Queue("q", order="strict"))
    desk.call("early")
    desk.call("c1", relax=[(30.0, {})], law=2)
    (offer,) = desk.join("ivan")
    assert offer.contact == "early"
    seen = waiting(desk)
    assert who(seen, Were("ivan", ready=True)) == ""
    assert who(seen, Were("ivan", ready=True), Waited(31.0)) == "ivan"
    assert who(seen, Were("ivan", ready=True), Needed("law", 0), Priority(5)) == "ivan"


def test_of_very_many_operators_only_those_of_relevance_are_kept_and_the_rest_is_counted():
    desk = Desk()
    for number in range(400):
        desk.join(f"op{number}", law=1 + number % 2, tax=1)
    (offer,) = desk.call("c1", law=2)
    seen = kept(desk, offer)
    assert len(seen.operators) == MOST
    assert (seen.roster, seen.able, seen.free) == (400, 200, 200)
    assert account(seen).eligible == ("op1", "op3", "op5", "op7")
    assert who(seen, Had("op0", "law", 2)) == "op0"
    with pytest.raises(NotKept):
        who(seen, Had("op398", "law", 2))
    roster = [Operator("op398", {"law": 1, "physics": 1})]
    wanted = Needed("physics", 1), Were("op398", ready=True), Had("op398", "law", 2)
    assert who(seen, *wanted, roster=roster) == "op398"
    assert len(str(written(desk.router.seen(offer)))) < 3000


def test_any_of_several_skills_is_one_need():
    desk = Desk()
    desk.join("neither", law=1)
    desk.join("boris", tax=3)
    (offer,) = desk.call("c1", **any_of({"law": 2, "tax": 3}))
    assert account(kept(desk, offer)).out == (Out("neither", Rule.LACKS, "(law:2 or tax:3)"),)


def test_by_lot_everybody_eligible_might_have_been_next():
    desk = Desk(Queue("q", strategy="random"))
    desk.join("anna")
    desk.join("boris")
    (offer,) = desk.call("c1")
    found = account(kept(desk, offer))
    assert found.lots
    assert set(found.eligible) == {"anna", "boris"}


@pytest.mark.parametrize("damage", [{"form": 2}, {"operators": [["a"]]}, {"contact": {}}, {"skills": "x"}])
def test_a_form_that_cannot_be_read_is_told_apart(damage):
    desk = Desk()
    desk.join("anna")
    (offer,) = desk.call("c1")
    with pytest.raises(FormUnknown):
        read(written(desk.router.seen(offer)) | damage)
