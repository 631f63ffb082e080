"""What waiting contacts do without when there is need: by load, by the wait expected, and by who is free."""

from routing.alternatives import any_of
from routing.events import Enqueued, OperatorJoined, Ready, Tick, WaitExpected
from routing.model import Contact, Loosening, Operator, Sign
from tests.unit.routing.desk import Desk, pairs

LOWER = {"law": 1}


def call(desk: Desk, name: str, *loosen: Loosening, **needs: int) -> list:
    return desk.tell(Enqueued(Contact(name, "q", desk.now, needs, loosen=loosen)))


def test_many_waiting_lower_the_level_and_who_came_first_is_served_first():
    desk = Desk()
    desk.join("novice", law=1)
    loosen = Loosening(Sign.WAITING, 3, LOWER)
    assert call(desk, "c1", loosen, law=3) == call(desk, "c2", loosen, law=3) == []
    assert pairs(call(desk, "c3", loosen, law=3)) == [("c1", "novice")]


def test_a_long_expected_wait_does_and_is_not_taken_back():
    desk = Desk()
    assert call(desk, "c1", Loosening(Sign.EXPECTED, 300, LOWER), law=3) == []
    assert desk.tell(WaitExpected("q", 299.0)) == []
    assert desk.tell(WaitExpected("q", 300.0)) == []
    desk.tell(WaitExpected("q", None))
    assert pairs(desk.join("novice", law=1)) == [("c1", "novice")]


def test_free_operators_who_could_take_it_then_do_but_for_the_last_of_them():
    desk = Desk()
    desk.join("anna", law=1)
    loosen = Loosening(Sign.IDLE, 2, LOWER)
    assert call(desk, "c1", loosen, law=3) == []
    assert pairs(desk.join("boris", law=1)) == [("c1", "anna")]
    assert call(desk, "c2", loosen, law=3) == [], "only one is free still"


def test_a_group_is_added_a_preference_dropped_and_a_priority_raised():
    desk = Desk()
    desk.join("tax-expert", tax=5)
    needs = any_of({"law": 2})
    assert pairs(call(desk, "c1", Loosening(Sign.WAITING, 1, any_of={"tax": 3}), **needs)) == [("c1", "tax-expert")]
    desk = Desk()
    call(desk, "early", law=1)
    call(desk, "urgent", Loosening(Sign.WAITING, 2, priority=9), law=1)
    assert pairs(desk.join("anna", law=1)) == [("urgent", "anna")]
    desk = Desk()
    first, second = Operator("idle-longest", {}), Operator("expert", {"law": 5})
    contact = Contact("c1", "q", 0.0, prefer={"law": 5}, loosen=(Loosening(Sign.AFTER, 60, prefer=False),))
    desk.tell(Enqueued(contact), 0.0)
    desk.tell(Tick(), 61.0)
    desk.tell(OperatorJoined(first), 62.0)
    desk.tell(OperatorJoined(second), 62.0)
    assert pairs(desk.tell(Ready("idle-longest"), 63.0)) == [("c1", "idle-longest")]


def test_no_more_than_eight_are_relaxed_in_an_event_and_the_others_follow_at_once():
    """Where a place changes too; who only needs less with time is not moved at all."""
    desk = Desk()
    for number in range(30):
        relax, rises = ((60.0, {"law": 1}),), ((60.0, 1),)
        desk.tell(Enqueued(Contact(f"c{number}", "q", 0.0, {"law": 3}, relax, rises=rises)), 0.0)
    for number in range(30):
        desk.tell(OperatorJoined(Operator(f"novice{number}", {"law": 1}), ready=True), 1.0)
    served = []
    while desk.router.deadline() is not None and desk.router.deadline() <= 60.0:
        offers = pairs(desk.tell(Tick(), 60.0))
        assert len(offers) <= 8
        served += [contact for contact, _ in offers]
    assert served == [f"c{number}" for number in range(30)], "in their places"
