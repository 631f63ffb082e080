"""A contact that waits for one operator for a while, and operators who are preferred."""

import pytest

from routing.events import ContactChanged
from routing.model import Contact, OfferOutcome
from tests.unit.routing.desk import Desk, pairs


@pytest.fixture
def desk() -> Desk:
    """Anna talks, boris is free."""
    desk = Desk()
    desk.join("anna", law=3)
    (offer,) = desk.call("first")
    desk.accept(offer)
    desk.talk = offer
    desk.join("boris", law=3)
    return desk


def test_the_own_operator_is_waited_for_though_another_is_free(desk):
    assert desk.call("c1", own="anna") == []
    assert pairs(desk.call("c2")) == [("c2", "boris")], "others do not wait behind"
    assert pairs(desk.end(desk.talk)) == [("c1", "anna")]


def test_after_its_time_anybody_is_asked(desk):
    desk.call("c1", own="anna", sticky=30.0)
    assert desk.router.deadline() == desk.now + 30.0
    assert pairs(desk.tick(desk.now + 30.0)) == [("c1", "boris")]


@pytest.mark.parametrize("away", ["pause", "leave", "unskilled"])
def test_an_operator_who_will_not_come_is_not_waited_for(desk, away):
    desk.call("c1", own="anna", law=2)
    ways = {
        "pause": lambda: desk.pause("anna"),
        "leave": lambda: desk.leave("anna"),
        "unskilled": lambda: desk.change("anna", law=1),
    }
    assert pairs(ways[away]()) == [("c1", "boris")]


def test_who_is_off_duty_or_unknown_is_not_waited_for(desk):
    desk.join("clara", ready=False)
    assert pairs(desk.call("c1", own="clara")) == [("c1", "boris")]
    desk.join("dora")
    assert pairs(desk.call("c2", own="nobody")) == [("c2", "dora")]


def test_an_own_operator_who_refuses_is_waited_for_no_longer(desk):
    desk.pause("boris")
    desk.call("c1", own="anna")
    desk.ready("boris")
    (offer,) = desk.end(desk.talk)
    assert offer.operator == "anna"
    assert pairs(desk.fail(offer, OfferOutcome.DECLINED)) == [("c1", "boris")]


def test_the_own_operator_takes_whoever_is_before(desk):
    desk.pause("boris")
    desk.call("plain")
    desk.call("c1", own="anna")
    (offer,) = desk.end(desk.talk)
    assert offer.contact == "plain"
    desk.accept(offer)
    assert pairs(desk.end(offer)) == [("c1", "anna")]


def test_a_changed_contact_is_held_anew_or_not_at_all(desk):
    desk.call("c1", own="anna")
    assert pairs(desk.tell(ContactChanged(Contact("c1", "q", 0.0)))) == [("c1", "boris")]


def test_who_knows_more_is_preferred_and_nobody_waits_for_it():
    desk = Desk()
    desk.join("novice", law=1)
    desk.join("expert", law=5)
    assert pairs(desk.call("c1", law=1, prefer={"law": 4})) == [("c1", "expert")]
    assert pairs(desk.call("c2", law=1, prefer={"law": 4})) == [("c2", "novice")]
