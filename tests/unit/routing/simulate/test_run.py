"""What the simulator counts, where each call is known."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from routing.model import Contact, Operator, Queue
from routing.simulate.draws import Constant, Empirical, Exponential, LogNormal
from routing.simulate.figures import figure, replications, rows, student
from routing.simulate.run import run
from routing.simulate.scenario import Rate, Recorded, Scenario, Staff, Stream


def _scenario(calls, staff=None, **more) -> Scenario:
    """Settled calls to one operator, or to those given."""
    contact = Contact("", "q", 0.0, relax=more.pop("relax", ()), needs=more.pop("needs", {}))
    stream = Stream("s", contact, Constant(0.0), calls=tuple(calls), language="ru", kind="normal")
    stream = replace(stream, max_wait=more.pop("max_wait", stream.max_wait))
    queue = more.pop("queue", Queue("q"))
    return Scenario((queue,), (stream,), tuple(staff or [Staff(Operator("anna"))]), length=1000.0, **more)


def _count(scenario):
    (period,) = run(scenario, "1")
    return period.streams[0]


def test_calls_are_served_one_after_another_and_their_waits_are_counted() -> None:
    scenario = _scenario([Recorded(0.0, 100.0), Recorded(10.0, 100.0), Recorded(20.0, 100.0)])
    assert list(_count(scenario).waits) == [0.0, 90.0, 180.0]
    row = rows(scenario, run(scenario, "1"))[0]
    assert (row.calls.mean, row.service_level.mean) == (3, pytest.approx(1 / 3))
    assert (row.mean_wait.mean, row.p90_wait.mean, row.occupancy.mean) == (90.0, 180.0, 0.3)


def test_after_call_work_and_a_ringing_phone_occupy_the_operator() -> None:
    scenario = _scenario([Recorded(0.0, 100.0), Recorded(10.0, 100.0)], queue=Queue("q", wrap_up=30.0), pick_up=5.0)
    assert list(_count(scenario).waits) == [5.0, 130.0]
    assert rows(scenario, run(scenario, "1"))[0].occupancy.mean == pytest.approx(0.27)


def test_who_hangs_up_was_waiting_and_who_waits_too_long_is_taken_elsewhere() -> None:
    calls = [Recorded(0.0, 100.0), Recorded(1.0, 100.0, patience=50.0), Recorded(2.0, 100.0)]
    count = _count(_scenario(calls, max_wait=80.0))
    assert (count.answered, count.abandoned, count.timed_out) == (1, 1, 1)
    assert sorted(count.waits) == [0.0, 50.0, 80.0]


def test_no_line_free_is_blocked_and_a_closed_queue_turns_away() -> None:
    calls = [Recorded(0.0, 100.0), Recorded(1.0, 100.0), Recorded(2.0, 100.0)]
    assert _count(_scenario(calls, lines=2)).blocked == 1
    assert _count(_scenario(calls, queue=Queue("q", open=False))).turned_away == 3


def test_a_shift_ends_after_the_call_and_the_next_one_takes_over() -> None:
    staff = [Staff(Operator("anna"), ((0.0, 50.0),)), Staff(Operator("olga"), ((200.0, 400.0),))]
    scenario = _scenario([Recorded(0.0, 100.0), Recorded(10.0, 20.0), Recorded(900.0, 1.0)], staff)
    count = _count(scenario)
    assert list(count.waits) == [0.0, 190.0]
    assert count.unserved == 1
    assert rows(scenario, run(scenario, "1"))[0].occupancy.mean == pytest.approx(120 / 300)


def test_relaxation_falls_due_while_nothing_else_happens() -> None:
    scenario = _scenario([Recorded(0.0, 10.0)], needs={"law": 3}, relax=((60.0, {}),))
    assert list(_count(scenario).waits) == [60.0]


def test_the_warm_up_is_not_counted_and_batches_share_the_rest() -> None:
    scenario = _scenario([Recorded(at, 1.0) for at in (10.0, 300.0, 400.0, 900.0)], warm_up=200.0)
    assert [period.streams[0].came for period in run(scenario, "1", periods=2)] == [2, 1]


def test_the_same_seed_gives_the_same_calls_whatever_the_roster_and_the_other_streams() -> None:
    stream = Stream("s", Contact("", "q", 0.0), Exponential(60.0), (Rate(0.0, 3600.0, 0.1),), Exponential(100.0))
    calls = list(stream.arrivals("7"))
    assert calls == list(stream.arrivals("7")) != list(stream.arrivals("8"))
    assert list(replace(stream, service=Constant(1.0)).arrivals("7"))[5].at == calls[5].at
    assert list(replace(stream, service=Constant(1.0)).arrivals("7"))[5].patience == calls[5].patience


def test_rates_by_interval() -> None:
    rates = (Rate(0.0, 1000.0, 0.5), Rate(1000.0, 2000.0, 0.0), Rate(2000.0, 3000.0, 2.0))
    stream = Stream("s", Contact("", "q", 0.0), Constant(1.0), rates)
    moments = [call.at for call in stream.arrivals("1")]
    assert moments == sorted(moments)
    many = [sum(rate.start <= at < rate.end for at in moments) for rate in rates]
    assert many[1] == 0
    assert 430 < many[0] < 570
    assert 1860 < many[2] < 2140


def test_draws_have_the_means_that_they_are_given() -> None:
    chance = Random(5)
    for draw in (Exponential(60.0), LogNormal(60.0, 45.0), Empirical((30.0, 90.0))):
        assert sum(draw.draw(chance) for _ in range(20_000)) / 20_000 == pytest.approx(60.0, rel=0.03)


def test_figures_by_queue_language_and_class_and_their_intervals() -> None:
    base = Stream("a", Contact("", "q", 0.0), Constant(30.0), (Rate(0.0, 900.0, 0.02),), language="ru", kind="normal")
    other = replace(base, name="b", language="tt")
    scenario = Scenario((Queue("q"),), (base, other), (Staff(Operator("anna")),), 1000.0)
    table = {(row.by, row.name): row for row in replications(scenario, "1", days=8)}
    assert list(table) == [("all", "all"), ("queue", "q"), ("language", "ru"), ("language", "tt"), ("class", "normal")]
    whole, parts = table["all", "all"], (table["language", "ru"], table["language", "tt"])
    assert whole.calls.mean == sum(part.calls.mean for part in parts)
    assert whole.mean_wait.half > 0
    assert figure([None, None]) is None
    assert student(19, 0.95) == pytest.approx(2.093, rel=1e-3)
    assert student(4, 0.95) == pytest.approx(2.776, rel=2e-3)
