"""A contact that waits with other needs, or in another queue, from now on."""

from routing.events import ContactChanged, QueueRemoved
from routing.model import Contact, OperatorState, Queue
from tests.unit.routing.desk import Desk, pairs


def test_a_contact_that_needs_less_is_offered_at_once_in_its_old_place():
    desk = Desk()
    desk.join("anna", a=1)
    assert desk.call("earlier", a=2) == desk.call("later", a=2) == []
    assert pairs(desk.tell(ContactChanged(Contact("later", "q", 99.0, {"a": 1})))) == [("later", "anna")]
    desk.pause("anna")
    desk = Desk()
    desk.call("earlier", a=2)
    desk.call("later", a=1)
    desk.tell(ContactChanged(Contact("earlier", "q", 99.0, {"a": 1})))
    assert pairs(desk.join("anna", a=1)) == [("earlier", "anna")], "the time that counts is the first one"


def test_a_phone_that_rings_goes_on_ringing_and_the_new_needs_hold_for_the_next():
    desk = Desk()
    desk.join("anna", a=1)
    (offer,) = desk.call("c1", a=1)
    desk.join("boris", a=1)
    assert desk.tell(ContactChanged(Contact("c1", "q", 0.0, {"a": 2}))) == [] and not desk.decisions
    assert desk.fail(offer) == [], "boris knows too little by now"
    assert pairs(desk.join("clara", a=2)) == [("c1", "clara")]


def test_relaxations_begin_anew_at_the_time_that_has_passed():
    desk = Desk()
    desk.join("anna", a=1)
    desk.call("c1", since=0.0, a=3, relax=((1000.0, {"a": 1}),))
    desk.tick(60.0)
    assert desk.tell(ContactChanged(Contact("c1", "q", 0.0, {"a": 3}, ((90.0, {"a": 1}),)))) == []
    assert pairs(desk.tick(91.0)) == [("c1", "anna")]


def test_a_contact_that_talks_or_is_unknown_is_not_changed():
    desk = Desk()
    desk.join("anna", a=1)
    (offer,) = desk.call("c1", a=1)
    desk.accept(offer)
    desk.tell(ContactChanged(Contact("c1", "other", 0.0, {"a": 2})))
    desk.tell(ContactChanged(Contact("nobody", "q", 0.0)))
    assert not desk.decisions
    desk.end(offer)
    assert desk.state("anna") == (OperatorState.READY, "")


def test_a_contact_that_was_taken_to_another_queue_is_turned_away_with_that_one():
    desk = Desk(Queue("q"), Queue("other"))
    desk.call("c1")
    desk.tell(ContactChanged(Contact("c1", "other", 0.0)))
    desk.tell(QueueRemoved("q"))
    assert desk.turned_away() == []
    desk.tell(QueueRemoved("other"))
    assert [name for name, _ in desk.turned_away()] == ["c1"]
