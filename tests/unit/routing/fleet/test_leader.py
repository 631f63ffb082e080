"""What a leader makes of announcements that were true a moment ago: nobody is rung at whose phone a call is."""

import itertools

import pytest

from routing.fleet.leader import Leader
from routing.fleet.messages import Announce, Failed, Held, Offered, Talk, TalkEnded, Wait
from routing.model import Contact, Offer, OfferOutcome, Operator, OperatorState, Queue
from routing.router import Router

QUEUE = Queue("help")
OFFER = Offer("t", "rings", "op", expires=30.0, queue="help")


@pytest.fixture
def led():
    """A leader of the engines a and b, and the offers that it made, as (engine, contact, operator)."""
    offers, tokens = [], itertools.count()

    def say(message, engine):
        if isinstance(message, Offered):
            offers.append((engine, message.offer.contact, message.offer.operator))

    return Leader("a", Router(tokens=lambda: str(next(tokens))), lambda: 0.0, say, frozenset()), offers


def announced(state, *, waiting=(), ringing=(), talks=()):
    return Announce(
        ["op"], [Held(Operator("op"), "b", state, contact="b:old")], [QUEUE], list(waiting), list(ringing), list(talks)
    )


STATES = [OperatorState.READY, OperatorState.OFFERED, OperatorState.TALKING, OperatorState.AFTER_CALL]


@pytest.mark.parametrize("state", STATES)
def test_an_operator_whose_phone_rings_is_offered_nothing_however_their_state_was_last_seen(led, state):
    leader, offers = led
    leader.told("a", Announce(["op"], [], [QUEUE], [Contact("waits", "help", 0.0)]))
    leader.told("b", announced(state, ringing=[(Contact("rings", "help", 0.0), OFFER)]))
    assert offers == []
    leader.told("b", Failed(OFFER, OfferOutcome.WITHDRAWN))
    assert offers == [("a", "waits", "op")]


@pytest.mark.parametrize("state", STATES)
def test_an_operator_who_talks_is_offered_nothing_however_their_state_was_last_seen(led, state):
    leader, offers = led
    leader.told("a", Announce(["op"], [], [QUEUE], [Contact("waits", "help", 0.0)]))
    leader.told("b", announced(state, talks=[Talk("op", "talks", "help")]))
    assert offers == []
    leader.told("b", TalkEnded("talks"))
    assert offers == [("a", "waits", "op")]


@pytest.mark.parametrize("state", STATES)
def test_an_operator_whose_call_is_over_is_free(led, state):
    leader, offers = led
    leader.told("a", Announce(["op"], [], [QUEUE]))
    leader.told("b", announced(state))
    leader.told("a", Wait(Contact("comes", "help", 0.0)))
    assert offers == [("a", "comes", "op")]
