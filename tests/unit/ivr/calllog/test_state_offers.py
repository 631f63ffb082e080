"""What an offer that comes to nothing leaves behind."""

import pytest

from ivr.calllog.events import End, Offered, OfferFailed, Queued
from ivr.calllog.state import CallState
from ivr.ending import end_of


@pytest.mark.parametrize(
    ("why", "end", "refused"),
    [("withdrawn", End.ABANDONED_RINGING, []), ("no-answer", End.ABANDONED_QUEUE, ["anna"])],
)
def test_a_caller_who_gives_up_while_it_rings_was_refused_by_nobody(why: str, end: End, refused: list[str]) -> None:
    call = CallState("1", started=1.0)
    call.apply(Queued(at=2.0, queue="general", needs={}, since=2.0))
    call.apply(Offered(at=3.0, operator="anna"))
    call.apply(OfferFailed(at=4.0, operator="anna", why=why))
    assert (end_of(call), call.refused_by) == (end, refused)
