"""Waits are foretold from what passes through the router, and only where that has come true."""

from __future__ import annotations

from random import Random
from statistics import fmean

import pytest

from bench import queueing
from routing.estimates.told import Told
from routing.estimates.waits import WaitEstimates
from routing.events import ContactChanged, Decision, Enqueued, Event, Withdrawn
from routing.model import Contact, Offer, OfferOutcome, Queue
from routing.router import Router
from routing.simulate.run import run
from tests.unit.routing.desk import Desk

PACE = 30.0


class Line(Desk):
    """One operator, whose conversations last about PACE, and estimates that see everything."""

    def __init__(self, queue: Queue) -> None:
        super().__init__(queue)
        self.estimates = WaitEstimates(self.router.board)
        self.chance = Random(3)
        self.names = iter(f"c{number}" for number in range(1000))
        self.join("anna")

    def tell(self, event: Event, at: float | None = None) -> list[Offer]:
        offers = super().tell(event, at)
        self.estimates.saw(event, self.decisions, self.now)
        return offers

    def serve(self, calls: int) -> None:
        """Four callers wait always, so that each waits for about four conversations."""
        (talk,) = self.call(next(self.names))
        self.accept(talk)
        for _ in range(3):
            self.call(next(self.names))
        for _ in range(calls):
            self.now += PACE - 3 + self.chance.uniform(-8, 8)
            self.call(next(self.names))
            (talk,) = self.end(talk)
            self.accept(talk)


def served(calls: int = 40, **rules) -> Line:
    line = Line(Queue("q", **rules))
    line.serve(calls)
    return line


def test_nothing_is_told_before_enough_has_come_true() -> None:
    line = served(6)
    assert line.estimates.expected("q", line.now) is None
    assert line.estimates.remaining("c8", line.now) is None
    assert line.estimates.calibration("q").compared < 10


def test_a_steady_line_is_foretold() -> None:
    line = served()
    forecast = line.estimates.expected("q", line.now)
    assert forecast is not None
    assert forecast.p50 == pytest.approx(4 * PACE, abs=PACE)
    assert forecast.p50 <= forecast.p90 < 6 * PACE
    error = line.estimates.calibration("q", newcomers=True).error
    assert error is not None
    assert error < 0.4


def test_who_waits_already_is_told_the_rest_by_place() -> None:
    line = served()
    rest = [line.estimates.remaining(f"c{number}", line.now) for number in (41, 42, 43)]
    assert all(rest)
    assert [told.ahead for told in rest if told] == [0, 1, 2]
    assert rest[0].p50 < rest[1].p50 < rest[2].p50  # type: ignore[union-attr]


def test_a_queue_without_operators_on_duty_is_not_foretold() -> None:
    line = served()
    line.pause("anna")
    assert line.estimates.expected("q", line.now) is None
    assert line.estimates.remaining("c42", line.now) is None


def test_nor_is_one_whose_order_is_by_shares_nor_an_unknown_one() -> None:
    line = served(order="target-share")
    assert line.estimates.expected("q", line.now) is None
    assert line.estimates.expected("other", line.now) is None


def test_more_is_told_when_somebody_goes_first_and_that_it_is_for_that() -> None:
    line = served()
    before = line.estimates.remaining("c43", line.now)
    line.call("urgent", priority=20)
    after = line.estimates.remaining("c43", line.now)
    assert before is not None
    assert after is not None
    assert (after.p50 > before.p50, after.more_ahead, after.fewer_able) == (True, 1, 0)


def test_what_was_told_does_not_bind_where_the_caller_needs_something_else() -> None:
    line = served()
    line.join("boris", ready=False, tax=1)
    assert line.estimates.remaining("c43", line.now) is not None
    since = line.router.board.room.get("c43").contact.since
    line.tell(ContactChanged(Contact("c43", "q", since, {"tax": 1})))
    assert line.estimates.remaining("c43", line.now) is None
    line.tell(ContactChanged(Contact("c43", "q", since)))
    told = line.estimates.remaining("c43", line.now)
    assert told is not None
    assert not told.rose


def test_hang_ups_make_the_line_shorter_than_its_length() -> None:
    line = served()
    before = line.estimates.expected("q", line.now)
    for _ in range(30):
        line.now += PACE
        waiting = [record for record in line.router.board.room if record.bucket is not None]
        line.hang_up(waiting[-1].contact.id)
        line.call(next(line.names))
    after = line.estimates.expected("q", line.now)
    assert before is not None
    assert after is not None
    assert after.p50 < before.p50


def test_who_hangs_up_while_it_rings_has_waited_in_vain() -> None:
    line = served()
    lease = line.router.board.roster.get("anna").lease
    (ringing,) = line.end(lease.offer)
    assert line.estimates.forecast_of(ringing.contact) is not None
    line.fail(ringing, OfferOutcome.WITHDRAWN)
    assert line.estimates.forecast_of(ringing.contact) is None


class Listener:
    """Asks for each who waits at every event; keeps what was told."""

    def __init__(self) -> None:
        self.estimates: WaitEstimates | None = None
        self.told: dict[str, Told] = {}
        self.rises: list[Told] = []
        self.within: list[bool] = []
        self._p90: dict[str, float] = {}

    def watch(self, router: Router, event: Event, decisions: list[Decision], now: float) -> None:
        self.estimates = self.estimates or WaitEstimates(router.board)
        self.estimates.saw(event, decisions, now)
        if isinstance(event, Withdrawn):
            self._p90.pop(event.contact, None)
        for record in router.board.room:
            if record.bucket is not None:
                self._ask(self.estimates, record.contact.id, now)
            elif record.contact.id in self._p90:
                self.within.append(now <= self._p90.pop(record.contact.id))
        if isinstance(event, Enqueued):
            forecast = self.estimates.forecast_of(event.contact.id)
            if forecast is not None:
                self._p90[event.contact.id] = now + forecast.p90

    def _ask(self, estimates: WaitEstimates, contact: str, now: float) -> None:
        before, told = self.told.get(contact), estimates.remaining(contact, now)
        if told is not None:
            self.told[contact] = told
            if before is not None and (told.p50 > before.p50 or told.p90 > before.p90):
                self.rises.append(told)


def test_without_priorities_no_caller_is_ever_told_more_and_nine_in_ten_wait_no_longer_than_p90() -> None:
    listener = Listener()
    run(queueing.erlang(5, 6, 300, 3000, patience=600), "told", watch=listener.watch)
    assert len(listener.told) > 500
    assert not listener.rises
    assert 0.82 < fmean(listener.within[200:]) < 0.97


def test_with_priorities_every_rise_names_who_goes_first() -> None:
    listener = Listener()
    calls = [("urgent", 0.004, 10), ("others", 0.016, 0)]
    streams = [queueing.stream(name, rate, 300, 60_000, priority=p, patience=600) for name, rate, p in calls]
    run(queueing.scenario(streams, [{}] * 5), "told", watch=listener.watch)
    assert listener.rises
    assert all(told.more_ahead > 0 for told in listener.rises)
