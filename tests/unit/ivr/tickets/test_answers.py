"""For how long a key of a request that may be sent again is remembered."""

from datetime import UTC, datetime, timedelta

from ivr.tickets.answers import ABANDONED, KEPT, Answers


async def test_keys_are_forgotten_in_time(database):
    answers, now = Answers(database), datetime(2026, 3, 5, tzinfo=UTC)
    assert await answers.begin("a", b"x", now) is None
    assert await answers.begin("a", b"x", now + ABANDONED) is not None
    assert await answers.begin("a", b"y", now + 2 * ABANDONED) is None, "its first request was lost"
    await answers.done("a", "{}")
    assert (await answers.begin("a", b"y", now + KEPT)).answer == "{}"
    assert await answers.begin("a", b"y", now + KEPT + timedelta(hours=1)) is None
