"""Messages between machines whose clocks differ."""

from routing.fleet.messages import Announce, Held, Offered, Wait, read, written
from routing.model import Contact, Offer, Operator


def test_a_caller_who_waited_a_minute_by_the_senders_clock_has_waited_one_by_the_readers():
    sent = written(Wait(Contact("1", "help", since=1000.0, needs={"ru": 1}, relax=((60.0, {}),))), now=1060.0)
    assert read(sent, now=5000.0) == Wait(Contact("1", "help", since=4940.0, needs={"ru": 1}, relax=((60.0, {}),)))


def test_an_offer_lasts_as_long_at_the_reader():
    sent = written(Offered(Offer("t", "1", "op", expires=1035.0, made=1000.0)), now=1000.0)
    assert read(sent, now=200.0) == Offered(Offer("t", "1", "op", expires=235.0, made=200.0))


def test_in_an_announcement_every_time_is_the_readers():
    contact, offer = Contact("1", "help", since=10.0), Offer("t", "1", "op", expires=40.0, made=20.0)
    sent = Announce(operators=[Held(Operator("op"), "a", since=5.0, settled=4.0)], ringing=[(contact, offer)])
    got = read(written(sent, now=20.0), now=120.0)
    assert got.operators == [Held(Operator("op"), "a", since=105.0, settled=104.0)]
    assert got.ringing == [(Contact("1", "help", since=110.0), Offer("t", "1", "op", expires=140.0, made=120.0))]
