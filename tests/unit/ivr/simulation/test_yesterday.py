"""Yesterday's calls as the tickets have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from ivr.calllog.events import Answered, End, Ended, Entry, Event, Queued, Started, TalkEnded
from ivr.simulation import yesterday
from ivr.tickets.day import WaitedCall, waited
from ivr.tickets.numbers import with_check_digit
from ivr.tickets.record import Recorder
from routing.model import Queue
from routing.simulate.run import run
from routing.simulate.scenario import Recorded, Scenario

DAY = datetime(2026, 3, 5, tzinfo=UTC)
MIDNIGHT = DAY.timestamp()


async def call(database, number: int, at: float, *after: Event) -> None:
    began = Started(
        at=at,
        ticket=with_check_digit(1_000_000 + number),
        called="",
        caller="",
        line="moscow",
        region="77",
        language="tt",
        flow="main",
    )
    queued = Queued(at=at + 10, queue="technical", needs={"technical": 2}, since=at + 10)
    entries = [Entry(f"call-{number}", seq, event) for seq, event in enumerate((began, queued, *after), 1)]
    await Recorder(database).record(entries)


async def test_answered_and_lost_calls_of_the_day_and_no_others(database) -> None:
    noon = MIDNIGHT + 43200
    answer = Answered(at=noon + 40, operator="anna")
    talk = TalkEnded(at=noon + 160, operator="anna", seconds=120.0)
    await call(database, 1, noon, answer, talk, Ended(at=noon + 160, end=End.ANSWERED))
    await call(database, 2, noon + 500, Ended(at=noon + 600, end=End.ABANDONED_QUEUE))
    await call(database, 3, noon + 86400, Ended(at=noon + 86500, end=End.ABANDONED_QUEUE))
    await call(database, 4, noon + 900)  # not over yet
    answered, lost = await waited(database, DAY, DAY + timedelta(days=1))
    assert (answered.queue, answered.language, answered.needs) == ("technical", "tt", {"technical": 2})
    assert (answered.queued, answered.operator, answered.answered) == (noon + 10, "anna", noon + 40)
    assert (answered.talked, answered.left) == (120.0, None)
    assert (lost.operator, lost.answered, lost.left) == ("", None, 90.0)


def _answered(at: float, operator: str, wait: float = 5.0, talked: float = 60.0) -> WaitedCall:
    at += MIDNIGHT
    return WaitedCall("technical", {"law": 2}, "ru", "tax", at, operator, at + wait, talked, None)


def _lost(at: float, left: float) -> WaitedCall:
    return WaitedCall("technical", {"law": 2}, "ru", "tax", at + MIDNIGHT, "", None, 0.0, left)


CALLS = [_answered(100.0, "anna"), _answered(200.0, "olga", 20.0), _lost(300.0, 35.0), _answered(900.0, "anna")]


def test_calls_come_when_they_came_and_talk_as_they_talked() -> None:
    (stream,) = yesterday.streams(CALLS, MIDNIGHT)
    assert (stream.contact.queue, stream.contact.needs, stream.language, stream.kind) == (
        "technical",
        {"law": 2},
        "ru",
        "tax",
    )
    assert stream.calls[1] == Recorded(200.0, service=60.0, waited=20.0)
    assert stream.calls[2] == Recorded(300.0, patience=35.0)
    assert all(call.patience > 20.0 for call in list(stream.arrivals("1"))[1:2])
    # 5 + 20 + 35 + 5 seconds of waiting for one who hung up
    assert sum(stream.patience.draw(Random(n)) for n in range(5000)) / 5000 == pytest.approx(65.0, rel=0.05)


def test_operators_were_there_from_their_first_answer_to_their_last_word() -> None:
    anna, olga = yesterday.staff(CALLS, {"anna": {"law": 3, "tax": 1}}, MIDNIGHT)
    assert (anna.operator.id, anna.operator.skills, anna.shifts) == ("anna", {"law": 3, "tax": 1}, ((105.0, 965.0),))
    assert (olga.operator.id, olga.operator.skills) == ("olga", {"law": 2})


def test_the_day_can_be_simulated_with_more_people() -> None:
    streams = yesterday.streams(CALLS, MIDNIGHT)
    staff = yesterday.staff(CALLS, {"anna": {"law": 3}}, MIDNIGHT)
    (period,) = run(Scenario((Queue("technical"),), streams, staff, 86400.0), "1")
    assert period.streams[0].came == 4
