"""Forecasts are told only while they have come true, with the spread that their errors had."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from statistics import fmean

import pytest

from routing.estimates.calibration import Calibration
from routing.estimates.line import Wait

WAIT = Wait(300.0, 900.0)


def compared(waited: Callable[[Random], float], number: int = 300) -> tuple[Calibration, list[bool], list[bool]]:
    """So many waits that all were expected as WAIT; which of the later ones were within p50 and p90."""
    chance, calibration = Random(5), Calibration()
    half, most = list[bool](), list[bool]()
    for _ in range(number):
        forecast, came = calibration.forecast(WAIT), waited(chance)
        half.append(came <= forecast.p50)
        most.append(came <= forecast.p90)
        calibration.came_true(forecast, came)
    return calibration, half[100:], most[100:]


@pytest.mark.parametrize(
    "waited", [lambda chance: chance.gauss(300, 30), lambda chance: chance.gauss(360, 30), lambda c: c.gauss(300, 80)]
)
def test_half_of_the_waits_are_within_p50_and_nine_tenths_within_p90(waited: Callable[[Random], float]) -> None:
    _, half, most = compared(waited)
    assert 0.4 < fmean(half) < 0.6
    assert 0.84 < fmean(most) < 0.96


def test_it_is_calibrated_once_it_has_been_right_often_enough() -> None:
    few, _, _ = compared(lambda chance: chance.gauss(300, 30), 9)
    assert not few.calibrated
    many, _, _ = compared(lambda chance: chance.gauss(300, 30), 40)
    assert many.calibrated


def test_it_is_not_while_waits_are_quite_different_from_each_other() -> None:
    wild, _, _ = compared(lambda chance: chance.choice([5.0, 1000.0]))
    assert not wild.calibrated


def test_it_is_not_while_more_waits_than_one_in_four_are_longer_than_p90() -> None:
    calibration = Calibration()
    for _ in range(40):
        forecast = calibration.forecast(WAIT)
        calibration.came_true(forecast, forecast.p90 + 1)
    assert not calibration.calibrated


def test_the_error_is_over_the_mean_wait() -> None:
    calibration = Calibration()
    assert calibration.error is None
    for waited in (200.0, 400.0):
        calibration.came_true(calibration.forecast(WAIT), waited)
    assert calibration.error == pytest.approx(100 / 300)
    assert calibration.compared == 2
