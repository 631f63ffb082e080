"""Which call is blamed for an engine that was lost."""

from ivr.calllog.events import AnyEvent, NodeEntered, Offered, OfferFailed, Queued, Resumed
from ivr.calllog.state import CallState

RESUMED = Resumed(at=9.0, why="the engine was lost")
NODE = NodeEntered(at=1.0, flow="main", node="main")
QUEUED = Queued(at=2.0, queue="general", needs={}, since=2.0)
OFFERED = Offered(at=3.0, operator="anna")


def blamed(*events: AnyEvent) -> tuple[int, int, int]:
    call = CallState("1", started=1.0)
    for event in events:
        call.apply(event)
    return call.resumed, call.resumed_at_work, call.resumed_here


def test_the_node_at_which_engines_are_lost_is_counted_anew_at_the_next_one() -> None:
    assert blamed(NODE, RESUMED, RESUMED) == (2, 2, 2)
    assert blamed(NODE, RESUMED, RESUMED, NODE, RESUMED) == (3, 3, 1)


def test_a_caller_who_hears_music_is_not_blamed_for_another_call() -> None:
    assert blamed(NODE, QUEUED, RESUMED, QUEUED, RESUMED) == (2, 0, 0)


def test_a_caller_for_whom_a_phone_rings_may_be_to_blame_but_once_for_one_offer() -> None:
    assert blamed(NODE, QUEUED, OFFERED, RESUMED, QUEUED, RESUMED) == (2, 1, 1)
    refused = OfferFailed(at=4.0, operator="anna", why="no-answer")
    assert blamed(NODE, QUEUED, OFFERED, refused, RESUMED) == (1, 0, 0)
