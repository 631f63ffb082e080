"""A rating is asked for, kept, and never insisted on."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.calllog.events import Rated
from tests.unit.scripted import walk
from tests.unit.small import service

NODES = """
talk: {queue: general, then: rate, otherwise: bye}
rate: {survey: rate-call, unhappy: why, then: bye}
why: {record-message: leave-message, then: bye}
"""


@pytest.mark.parametrize(
    ("keys", "rating", "last"),
    [
        ("5", 5, "bye"), ("1", 1, "why"), ("2", 2, "why"), ("73", 3, "bye"),
        ("_", None, "bye"), ("#", None, "bye"), ("78", None, "bye"), ("0", None, "operator"),
    ],
)  # fmt: skip
async def test_what_is_pressed(tmp_path: Path, keys: str, rating: int | None, last: str) -> None:
    walked = await walk(service(tmp_path, NODES), keys, tmp_path)
    assert walked.call.state.rating == rating
    assert [event.rating for event in walked.log.of(Rated)] == ([rating] if rating else [])
    assert walked.path[2] == f"main.{last}"
    assert walked.end == "answered"
