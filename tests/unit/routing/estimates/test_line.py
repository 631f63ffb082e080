"""How long a line takes to empty, where it is known."""

from __future__ import annotations

from random import Random

import pytest

from routing.estimates.line import Crew, play

A, B = 1, 2


def test_one_crew_takes_those_ahead_and_then_me() -> None:
    wait = play([A] * 9, [(0.0, A)], [Crew(A, 0.5)], 0.0)
    assert wait is not None
    assert (wait.mean, wait.variance) == (pytest.approx(10 / 0.5), pytest.approx(10 / 0.5**2))


def test_whoever_hangs_up_ahead_shortens_the_wait() -> None:
    """The sum of 1/(sμ + iθ) over those ahead and me (Whitt 1999)."""
    wait = play([A] * 40, [(0.0, A)], [Crew(A, 0.3)], 0.01)
    assert wait is not None
    assert wait.mean == pytest.approx(sum(1 / (0.3 + ahead * 0.01) for ahead in range(41)))


def test_callers_whom_others_take_do_not_count_as_ahead() -> None:
    wait = play([A] * 50, [(0.0, B)], [Crew(A, 0.1), Crew(B, 0.1)], 0.0)
    assert wait is not None
    assert wait.mean == pytest.approx(10.0)


def test_operators_who_can_take_both_help_both() -> None:
    alone = play([A] * 10 + [B] * 10, [(0.0, B)], [Crew(A, 0.1), Crew(B, 0.1)], 0.0)
    helped = play([A] * 10 + [B] * 10, [(0.0, B)], [Crew(A, 0.1), Crew(B, 0.1), Crew(A | B, 0.1)], 0.0)
    assert alone is not None
    assert helped is not None
    assert 20 / 0.3 < helped.mean < alone.mean


def test_nobody_takes_me_before_i_need_less() -> None:
    later = play([], [(0.0, B), (60.0, A)], [Crew(A, 0.1)], 0.0)
    assert later is not None
    assert later.mean == pytest.approx(70.0)


@pytest.mark.parametrize("crews", [[], [Crew(A, 0.1)], [Crew(B, 0.0)]])
def test_who_can_be_taken_by_nobody_has_no_wait(crews: list[Crew]) -> None:
    assert play([A, B], [(0.0, B)], crews, 0.01) is None


def test_a_demand_that_can_be_met_no_more_when_its_turn_comes_has_no_wait() -> None:
    assert play([A] * 100, [(0.0, A), (5.0, B)], [Crew(A, 0.1)], 0.0) is None


@pytest.mark.parametrize("leaving", [0.0, 0.0005])
def test_a_very_long_line_is_played_in_strides(leaving: float) -> None:
    crews = [Crew(1 << number, 1.0) for number in range(20)]
    chance = Random(1)
    ahead = [1 << chance.randrange(20) for _ in range(9000)]
    wait = play(ahead, [(0.0, 1)], crews, leaving)
    assert wait is not None
    exact = sum(1 / (20 + number * leaving) for number in range(9001))
    assert wait.mean == pytest.approx(exact, rel=0.1)
