"""Who is offered whom."""

import gc
import weakref

import pytest

from routing.events import (
    ContactRequeued,
    ConversationEnded,
    Enqueued,
    OfferAccepted,
    OfferFailed,
    QueueChanged,
    QueueRemoved,
    Ready,
    TalkFound,
    WithdrawOffer,
)
from routing.model import Contact, OfferOutcome, OperatorState, Queue
from tests.unit.routing.desk import Desk, pairs

S = OperatorState


def test_a_call_goes_to_the_qualified_operator_who_has_been_idle_longest():
    desk = Desk()
    desk.join("ivan", technical=1)
    desk.join("anna", technical=3)
    desk.join("olga", technical=3)
    assert pairs(desk.call("c1", technical=2)) == [("c1", "anna")]
    assert pairs(desk.call("c2", technical=2)) == [("c2", "olga")]
    assert desk.call("c3", technical=2) == []
    assert pairs(desk.call("c4", technical=1)) == [("c4", "ivan")]


def test_every_need_counts_and_a_language_is_a_skill():
    desk = Desk()
    desk.join("anna", **{"technical": 5, "language.ru": 5})
    assert desk.call("c1", **{"technical": 1, "language.tt": 1}) == []
    assert pairs(desk.join("timur", **{"technical": 1, "language.tt": 3})) == [("c1", "timur")]


def test_two_callers_and_one_operator_in_order_of_arrival():
    desk = Desk()
    desk.call("first")
    desk.call("second")
    (offer,) = desk.join("anna")
    assert offer.contact == "first"
    desk.accept(offer)
    assert pairs(desk.end(offer)) == [("second", "anna")]


def test_priority_goes_before_arrival_and_since_before_both_of_the_same():
    desk = Desk()
    desk.call("plain")
    desk.call("urgent", priority=5)
    desk.call("resumed", since=-100.0)
    assert _served(desk) == ["urgent", "resumed", "plain"]


def test_a_step_of_priority_is_a_head_start_so_nobody_waits_for_ever():
    desk = Desk(Queue("q", head_start=100.0))
    desk.call("plain", since=0.0)
    desk.call("long", since=-150.0)
    desk.call("urgent", priority=1, since=10.0)
    assert _served(desk) == ["long", "urgent", "plain"]


def test_strict_priority_goes_first_however_long_the_others_wait():
    desk = Desk(Queue("q", order="strict"))
    desk.call("long", since=-10_000.0)
    desk.call("urgent", priority=1, since=10.0)
    assert _served(desk) == ["urgent", "long"]


def test_a_changed_order_holds_for_those_who_wait():
    desk = Desk(Queue("q", order="strict"))
    desk.call("long", since=-10_000.0)
    desk.call("urgent", priority=1, since=10.0)
    desk.tell(QueueChanged(Queue("q")))
    assert _served(desk) == ["long", "urgent"]


def test_a_priority_rises_with_the_wait_also_in_strict_order():
    desk = Desk(Queue("q", order="strict"))
    desk.call("urgent", priority=5, since=500.0)
    desk.tell(Enqueued(Contact("patient", "q", 0.0, rises=((100.0, 3), (600.0, 9)))), 550.0)
    assert desk.router.deadline() == 600.0
    desk.tick(600.0)
    assert _served(desk) == ["patient", "urgent"]


def test_a_priority_that_rose_stays_when_an_offer_came_to_nothing():
    desk = Desk()
    desk.join("boris")
    (offer,) = desk.tell(Enqueued(Contact("c1", "q", 1.0, rises=((10.0, 9),))), 1.0)
    desk.call("c2", since=-200.0)
    desk.tick(12.0)
    desk.fail(offer)
    assert _served(desk) == ["c1", "c2"]


def _served(desk: Desk) -> list[str]:
    order, offers = [], desk.join("anna")
    while offers:
        order.append(offers[0].contact)
        desk.accept(offers[0])
        offers = desk.end(offers[0])
    return order


@pytest.mark.parametrize("outcome", [OfferOutcome.NO_ANSWER, OfferOutcome.DECLINED, OfferOutcome.UNREACHABLE])
def test_a_refused_call_keeps_its_place_and_goes_to_the_next_at_once(outcome):
    desk = Desk()
    desk.join("anna")
    desk.join("olga")
    (offer,) = desk.call("c1")
    assert pairs(desk.fail(offer, outcome)) == [("c1", "olga")]
    assert desk.state("anna") == (S.NOT_READY, outcome.value)
    assert ContactRequeued("c1", outcome) in desk.decisions


def test_a_refused_call_is_served_before_those_who_came_later():
    desk = Desk()
    desk.join("anna")
    (offer,) = desk.call("c1")
    desk.call("c2")
    desk.fail(offer)
    assert pairs(desk.join("olga")) == [("c1", "olga")]


def test_who_refused_is_not_asked_again_until_everybody_on_duty_has_been():
    desk = Desk()
    desk.join("anna")
    desk.join("olga")
    (refused,) = desk.call("c1")
    (talking,) = desk.fail(refused)  # anna refuses, olga is offered
    assert desk.ready("anna") == []
    assert pairs(desk.call("c2")) == [("c2", "anna")]  # other calls are hers
    assert pairs(desk.fail(talking)) == []
    assert pairs(desk.pause("anna")) == []
    (again,) = desk.ready("olga")  # anna asked to pause, so everybody has been asked
    assert (again.contact, again.operator) == ("c1", "olga")


def test_who_refused_is_asked_again_rather_than_let_the_caller_wait_for_a_long_conversation():
    desk = Desk(Queue("q", reask=60.0))
    desk.join("olga")
    (long,) = desk.call("c0")
    desk.accept(long)
    desk.join("anna")
    (offer,) = desk.call("c1")
    desk.fail(offer)
    refused = desk.now
    assert desk.ready("anna") == []
    assert desk.router.deadline() == refused + 60.0
    assert pairs(desk.tick(refused + 60.0)) == [("c1", "anna")]


def test_who_refused_is_asked_again_when_the_last_other_goes_off_duty():
    desk = Desk()
    desk.join("olga")
    (long,) = desk.call("c0")
    desk.accept(long)
    desk.join("anna")
    (offer,) = desk.call("c1")
    desk.fail(offer)
    assert desk.ready("anna") == []
    assert pairs(desk.pause("olga")) == [("c1", "anna")]


def test_one_operator_never_has_two_offers_and_a_lease_frees_both_sides():
    desk = Desk(Queue("q", ring=20.0))
    desk.join("anna")
    (offer,) = desk.call("c1")
    assert offer.expires == desk.now + 25.0
    assert desk.call("c2") == []
    desk.hang_up("c2")
    assert desk.router.deadline() == offer.expires
    desk.join("olga", ready=False)
    desk.tick(offer.expires - 0.001)
    assert desk.state("anna")[0] is S.OFFERED
    desk.tick(offer.expires)
    assert desk.state("anna") == (S.NOT_READY, "expired")
    assert WithdrawOffer(offer, OfferOutcome.EXPIRED) in desk.decisions
    assert desk.ready("olga") == []  # perhaps the two talk, unseen
    assert pairs(desk.call("c1")) == [("c1", "olga")]


def test_a_call_whose_offer_ran_out_keeps_its_place_and_learns_that_its_queue_is_closed():
    desk = Desk()
    desk.join("anna")
    (offer,) = desk.call("c1")
    desk.call("c2")
    desk.tick(offer.expires)
    desk.call("c1")
    assert pairs(desk.join("olga")) == [("c1", "olga")]
    desk.tick(desk.now + 100.0)
    desk.tell(QueueRemoved("q"))
    desk.call("c1")
    assert desk.turned_away() == [("c1", "there is no queue q")]


def test_stale_tokens_do_nothing():
    desk = Desk()
    desk.join("anna")
    desk.join("olga")
    (old,) = desk.call("c1")
    (new,) = desk.fail(old)
    for event in (
        OfferAccepted(old.token),
        OfferFailed(old.token, OfferOutcome.DECLINED),
        ConversationEnded(old.token),
    ):
        assert desk.tell(event) == []
        assert desk.decisions == []
    assert desk.tell(ConversationEnded(new.token)) == []
    assert desk.state("olga")[0] is S.OFFERED


def test_a_caller_who_hangs_up_while_it_rings_costs_the_operator_nothing():
    desk = Desk()
    desk.join("anna")
    desk.join("olga")
    (offer,) = desk.call("c1")
    desk.hang_up("c1")
    assert desk.state("anna") == (S.READY, "")
    assert WithdrawOffer(offer, OfferOutcome.WITHDRAWN) in desk.decisions
    assert pairs(desk.call("c2")) == [("c2", "anna")]  # she is still the one who has been idle longest


def test_an_operator_freed_by_a_hang_up_gets_the_next_call_at_once():
    desk = Desk()
    desk.join("anna")
    desk.call("c1")
    desk.call("c2")
    assert pairs(desk.hang_up("c1")) == [("c2", "anna")]


def test_a_caller_who_hangs_up_waiting_is_offered_to_nobody():
    desk = Desk()
    desk.call("c1")
    desk.call("c2")
    desk.hang_up("c1")
    assert pairs(desk.join("anna")) == [("c2", "anna")]


def test_after_call_work_lasts_as_the_queue_says_and_ends_early_when_the_operator_says_so():
    desk = Desk(Queue("q", wrap_up=30.0))
    desk.join("anna")
    (offer,) = desk.call("c1")
    desk.accept(offer)
    desk.end(offer)
    ended = desk.now
    assert desk.state("anna")[0] is S.AFTER_CALL
    assert desk.call("c2") == []
    (second,) = desk.tick(ended + 30.0)
    desk.accept(second)
    desk.end(second)
    assert pairs(desk.call("c3")) == []
    assert pairs(desk.ready("anna")) == [("c3", "anna")]
    assert desk.router.deadline() == desk.now + 25.0  # the lease: the work's timer is gone


def test_pause_after_this_call():
    desk = Desk(Queue("q", wrap_up=30.0))
    desk.join("anna")
    (offer,) = desk.call("c1")
    desk.accept(offer)
    desk.pause("anna", "lunch")
    assert desk.state("anna")[0] is S.TALKING
    desk.call("c2")
    assert desk.end(offer) == []
    assert desk.state("anna") == (S.NOT_READY, "lunch")


def test_a_pause_is_taken_back_by_ready():
    desk = Desk()
    desk.join("anna")
    (offer,) = desk.call("c1")
    desk.accept(offer)
    desk.pause("anna")
    desk.ready("anna")
    desk.call("c2")
    assert pairs(desk.end(offer)) == [("c2", "anna")]


def test_a_pause_asked_for_while_it_rings_holds_when_the_caller_is_gone():
    desk = Desk()
    desk.join("anna")
    desk.call("c1")
    desk.pause("anna", "lunch")
    desk.call("c2")
    assert desk.hang_up("c1") == []
    assert desk.state("anna") == (S.NOT_READY, "lunch")


def test_an_operator_who_leaves_in_mid_call_finishes_it():
    desk = Desk()
    desk.join("anna")
    (offer,) = desk.call("c1")
    desk.leave("anna")
    desk.accept(offer)
    assert desk.state("anna")[0] is S.TALKING
    desk.call("c2")
    assert desk.end(offer) == []
    assert desk.state("anna")[0] is S.OFFLINE
    assert pairs(desk.join("anna")) == [("c2", "anna")]


def test_an_operator_who_leaves_and_does_not_pick_up_loses_no_call():
    desk = Desk()
    desk.join("anna")
    desk.join("olga")
    (offer,) = desk.call("c1")
    desk.leave("anna")
    assert pairs(desk.fail(offer, OfferOutcome.UNREACHABLE)) == [("c1", "olga")]
    assert desk.state("anna")[0] is S.OFFLINE


def test_new_skills_count_at_once_for_the_free_and_after_the_call_for_the_busy():
    desk = Desk()
    desk.join("anna", technical=1)
    desk.join("olga", technical=5)
    (offer,) = desk.call("c1", technical=5)
    desk.call("c2", technical=3)
    assert pairs(desk.change("anna", technical=4)) == [("c2", "anna")]
    desk.change("olga", technical=1)
    desk.accept(offer)
    desk.call("c3", technical=3)
    assert desk.end(offer) == []


def test_relaxation_keeps_the_place():
    desk = Desk()
    desk.join("anna", technical=1)
    relax = ((60.0, {"technical": 1}), (20.0, {"technical": 2}))
    desk.call("c1", technical=3, relax=relax)
    entered = desk.now
    assert desk.router.deadline() == entered + 20.0
    assert desk.tick(entered + 20.0) == []
    assert desk.router.deadline() == entered + 60.0
    assert pairs(desk.tick(entered + 60.0)) == [("c1", "anna")]


def test_a_resumed_call_is_as_relaxed_as_it_was():
    desk = Desk()
    desk.join("anna", technical=1)
    assert pairs(desk.call("c1", technical=3, relax=((60.0, {"technical": 1}),), since=-100.0)) == [("c1", "anna")]


def test_two_calls_relaxed_at_one_instant_are_served_by_their_places():
    desk = Desk()
    desk.join("anna", technical=1)
    relax = ((60.0, {"technical": 1}),)
    desk.call("later", technical=3, relax=relax, since=0.0)
    desk.call("urgent", technical=3, relax=relax, since=0.0, priority=1)
    assert pairs(desk.tick(60.0)) == [("urgent", "anna")]


def test_closing_a_queue_turns_its_callers_away_but_lets_a_ringing_phone_be_answered():
    desk = Desk(Queue("q"), Queue("other"))
    desk.join("anna")
    (ringing,) = desk.call("c1")
    desk.call("c2")
    desk.call("c3", queue="other")
    desk.tell(QueueChanged(Queue("q", open=False)))
    assert desk.turned_away() == [("c2", "queue q is closed")]
    desk.fail(ringing)
    assert desk.turned_away() == [("c1", "queue q is closed")]
    assert pairs(desk.ready("anna")) == [("c3", "anna")]
    desk.call("c4")
    assert desk.turned_away() == [("c4", "queue q is closed")]


def test_a_queue_that_is_removed_loses_nobody():
    desk = Desk()
    desk.join("anna")
    (ringing,) = desk.call("c1")
    desk.call("c2")
    desk.tell(QueueRemoved("q"))
    assert desk.turned_away() == [("c2", "there is no queue q")]
    desk.accept(ringing)
    desk.end(ringing)
    assert desk.state("anna")[0] is S.READY


def test_duplicates_and_strangers_are_harmless():
    desk = Desk()
    desk.join("anna")
    desk.join("anna")
    (offer,) = desk.call("c1")
    assert desk.call("c1") == []
    for word in (desk.ready, desk.pause, desk.leave, desk.hang_up):
        assert word("nobody") == []
        assert desk.decisions == []
    desk.accept(offer)
    desk.accept(offer)
    desk.end(offer)
    desk.end(offer)
    assert desk.state("anna")[0] is S.READY
    assert len(desk.router.board.room) == 0


def test_a_clock_that_goes_back_stands_still():
    desk = Desk()
    desk.join("anna")
    desk.call("c1")
    desk.tick(50.0)
    desk.tick(10.0)
    assert pairs(desk.tell(Ready("anna"), 20.0)) == []
    assert [offer.expires for offer in desk.tell(Enqueued(Contact("c2", "q", 20.0)), 20.0)] == [75.0]


def test_a_conversation_found_after_a_restart_occupies_its_operator():
    desk = Desk()
    desk.join("anna")
    desk.tell(TalkFound("anna", "c1", "q"))
    assert desk.state("anna")[0] is S.TALKING
    desk.call("c2")
    assert pairs(desk.hang_up("c1")) == [("c2", "anna")]


def test_what_is_found_wins_over_what_was_offered():
    desk = Desk()
    desk.join("anna")
    (offer,) = desk.call("c1")
    desk.join("olga")
    offers = desk.tell(TalkFound("anna", "c9", "q"))
    assert WithdrawOffer(offer, OfferOutcome.WITHDRAWN) in desk.decisions
    assert pairs(offers) == [("c1", "olga")]
    assert desk.state("anna")[0] is S.TALKING


def test_a_demand_that_nobody_can_meet_is_told_with_its_reason():
    desk = Desk()
    assert desk.router.unmet({"technical": 1}) == "there are no operators"
    desk.join("anna", ready=False, technical=2, payments=1)
    desk.join("timur", tatar=5)
    assert desk.router.unmet({"technical": 2}) is None
    assert desk.router.unmet({"technical": 3}) == "no operator has technical at 3; the best has 2"
    assert desk.router.unmet({"law": 1}) == "no operator has the skill law"
    assert "no one operator" in desk.router.unmet({"technical": 1, "tatar": 1})


def test_an_unknown_strategy_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"queue q: there is no strategy 'best'; known are: .*longest-idle"):
        Desk(Queue("q", strategy="best"))
    with pytest.raises(ValueError, match="no order 'best'; known are: head-start, strict"):
        Desk(Queue("q", order="best"))


def test_a_router_that_nobody_needs_any_more_is_gone_with_its_calls():
    """They are in circles that Python's collector of garbage is told to pass over."""
    desk = Desk()
    desk.join("anna", law=3)
    desk.call("a", law=1, relax=((5.0, {}),))
    desk.call("b", law=2, relax=((5.0, {"law": 1}),))
    desk.pause("anna")
    parts = [weakref.ref(part) for part in (desk.router, desk.router.board, desk.router.board.room)]
    del desk
    gc.collect()
    assert not any(part() for part in parts)
