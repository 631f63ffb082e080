"""What a new leader makes of announcements: each operator once, at home at one engine."""

from routing.fleet import muster
from routing.fleet.messages import Announce, Held
from routing.model import Operator, OperatorState, Queue


def held(id, home="", state=OperatorState.READY, since=0.0, settled=0.0):
    return Held(Operator(id), home, state, since=since, settled=settled)


def roll(**announced):
    found = muster.operators({engine: Announce(operators=operators) for engine, operators in announced.items()})
    return [(h.operator.id, h.home) for h in found.present], [(h.operator.id, h.home) for h in found.away]


def test_an_operator_is_at_home_where_their_engine_says_so():
    assert roll(a=[held("x", "b")], b=[held("x", "b")]) == ([("x", "b")], [])


def test_of_two_engines_that_claim_an_operator_the_later_claim_holds():
    assert roll(a=[held("x", "a", settled=1)], b=[held("x", "b", settled=2)]) == ([("x", "b")], [])
    assert roll(a=[held("x", "a", settled=3)], b=[held("x", "b", settled=2)]) == ([("x", "a")], [])


def test_who_is_at_home_at_an_engine_that_is_not_there_is_away():
    assert roll(a=[held("x", "gone")], b=[held("x", "")]) == ([], [("x", "gone")])


def test_an_engine_that_has_forgotten_its_operators_is_reminded():
    assert roll(a=[held("x", "b")], b=[held("x", "")]) == ([("x", "b")], [])


def test_whom_nobody_has_served_yet_is_at_home_at_the_first_engine_that_knows_them():
    assert roll(b=[held("x")], c=[held("x")]) == ([("x", "b")], [])


def test_operators_come_in_the_order_in_which_their_states_began_so_that_the_longest_idle_stays_first():
    assert [id for id, _ in roll(a=[held("x", since=3), held("y", since=1)], b=[held("z", since=2)])[0]] == [
        "y",
        "z",
        "x",
    ]


def test_every_engines_queues_are_there_and_the_leaders_rules_hold():
    ours, theirs = [Queue("q", ring=5)], [Queue("q", ring=9), Queue("new")]
    assert muster.queues({"a": ours, "b": theirs}, "a") == [Queue("q", ring=5), Queue("new")]


def test_a_queue_with_rules_that_this_version_does_not_know_is_left_to_those_who_do():
    assert muster.queues({"a": [], "b": [Queue("q", strategy="of-tomorrow")]}, "a") == []
