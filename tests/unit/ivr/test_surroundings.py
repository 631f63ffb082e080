"""What the log of a hotline tells of its queues."""

from __future__ import annotations

from ivr.calllog.events import Answered, AnyEvent, End, Ended, Queued, QueueLeft
from ivr.surroundings import Surroundings


class Kept:
    def __init__(self) -> None:
        self.events: list[AnyEvent] = []

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        self.events.append(event)


async def no_calls(caller: str, since: float, until: float) -> int:
    return 0


def test_whoever_waits_is_counted_until_they_are_answered_leave_or_hang_up() -> None:
    kept = Kept()
    around = Surroundings(kept, no_calls)

    def tell(call: str, event: AnyEvent) -> None:
        around.append(call, 1, event)

    for call in "abcd":
        tell(call, Queued(at=1, queue="general", needs={}, since=1))
    tell("a", Queued(at=2, queue="general", needs={}, since=1))
    assert around.waiting("general") == 4
    tell("b", Queued(at=3, queue="technical", needs={}, since=1))
    assert (around.waiting("general"), around.waiting("technical")) == (3, 1)
    tell("a", Answered(at=4, operator="anna"))
    tell("c", QueueLeft(at=4, why="timeout"))
    tell("d", Ended(at=4, end=End.ABANDONED_QUEUE))
    tell("d", Ended(at=4, end=End.ABANDONED_QUEUE))
    assert (around.waiting("general"), around.waiting("technical")) == (0, 1)
    assert around.expected_wait("general") is None
    assert len(kept.events) == 10
