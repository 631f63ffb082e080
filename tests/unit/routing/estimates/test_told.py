"""A waiting caller is told no more than before, unless the rules say why."""

from __future__ import annotations

from routing.estimates.calibration import Forecast
from routing.estimates.line import Wait
from routing.estimates.told import Told


def forecast(p50: float, p90: float) -> Forecast:
    return Forecast(p50, p90, Wait(p50, 1.0))


def test_it_falls_and_stays_where_chance_alone_would_raise_it() -> None:
    first = Told.after(None, forecast(100, 200), ahead=5, able=3)
    lower = Told.after(first, forecast(80, 250), ahead=4, able=3)
    same = Told.after(lower, forecast(90, 180), ahead=4, able=3)
    assert (lower.p50, lower.p90) == (80, 200)
    assert (same.p50, same.p90) == (80, 180)
    assert not same.rose


def test_it_rises_when_others_go_first_or_operators_leave_and_says_so() -> None:
    first = Told.after(None, forecast(100, 200), ahead=5, able=3)
    behind = Told.after(first, forecast(130, 260), ahead=7, able=3)
    assert (behind.p50, behind.more_ahead, behind.fewer_able, behind.rose) == (130, 2, 0, True)
    fewer = Told.after(behind, forecast(200, 390), ahead=7, able=2)
    assert (fewer.p50, fewer.more_ahead, fewer.fewer_able) == (200, 0, 1)


def test_a_reason_is_no_excuse_where_the_wait_is_not_longer() -> None:
    first = Told.after(None, forecast(100, 200), ahead=5, able=3)
    assert not Told.after(first, forecast(90, 200), ahead=7, able=3).rose


def test_who_moved_up_and_is_put_back_is_told_why() -> None:
    first = Told.after(None, forecast(100, 200), ahead=5, able=3)
    nearer = Told.after(first, forecast(60, 120), ahead=3, able=3)
    assert Told.after(nearer, forecast(80, 160), ahead=4, able=3).more_ahead == 1
