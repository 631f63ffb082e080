"""The wait is told where it is known, in whole minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.ivr.nodes.test_branch import World, walked_by


@pytest.mark.parametrize(
    ("wait", "said"),
    [(None, []), (20.0, ["wait-soon"]), (60.0, ["wait-minutes"]), (61.0, ["wait-minutes"])],
)
async def test_only_what_is_known_is_told(tmp_path: Path, wait: float | None, said: list[str]) -> None:
    nodes = "wait: {tell-wait: general, then: operator}"
    walked = await walked_by(tmp_path, nodes, World(wait=wait), "2026-11-24 12:00")
    assert [name for name in walked.caller.played if name.startswith("wait")] == said
    if wait == 61.0:
        assert "Примерное время ожидания — 0:02:00." in walked.caller.heard
