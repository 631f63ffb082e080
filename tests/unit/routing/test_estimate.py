"""A wait is told only while such estimates have come true."""

from __future__ import annotations

from random import Random

from routing.estimate import WaitEstimate


def served(paces: list[float], ahead: int = 4) -> WaitEstimate:
    """A queue in which so many always wait, and somebody is answered after each of these paces (s)."""
    queue, now, arrivals, answers = WaitEstimate(), 0.0, iter(range(10_000)), iter(range(10_000))
    for _ in range(ahead):
        queue.entered(str(next(arrivals)), now)
    for pace in paces:
        now += pace
        queue.answered(str(next(answers)), now)
        queue.entered(str(next(arrivals)), now)
    return queue


def test_a_steady_queue_is_told_of_once_it_has_been_right_often_enough() -> None:
    assert served([30.0] * 8).expected() is None
    queue = served([30.0] * 40)
    assert queue.waiting == 4
    assert queue.expected() == 150.0


def test_a_queue_whose_estimates_prove_wrong_is_not_told_of() -> None:
    rising = [10.0 * 1.35**step for step in range(40)]
    assert served(rising).expected() is None


def test_chance_in_the_pace_is_borne() -> None:
    chance = Random(3)
    queue = served([chance.uniform(20, 40) for _ in range(60)])
    assert 120 < (queue.expected() or 0) < 180


def test_who_gives_up_is_no_answer_and_a_queue_without_waiting_has_no_pace() -> None:
    queue = served([30.0] * 40, ahead=1)
    before = queue.expected()
    queue.left("40")
    assert queue.waiting == 0
    assert before is not None
    idle = WaitEstimate()
    for call in range(50):
        idle.entered(str(call), call * 100.0)
        idle.answered(str(call), call * 100.0 + 1)
    assert idle.expected() is None
