from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from ivr.flow.service import load
from ivr.settings import PROJECT
from tests.unit.scripted import walk


@pytest.mark.parametrize("record", [True, False])
async def test_a_conversation_is_recorded_and_said_to_be_so_unless_the_line_says_no(
    record: bool, tmp_path: Path
) -> None:
    service = load(PROJECT)
    lines = {name: dataclasses.replace(line, record=record) for name, line in service.lines.items()}
    walked = await walk(dataclasses.replace(service, lines=lines), "10", tmp_path)
    assert walked.end == "answered"
    assert [request.record for request in walked.caller.requests] == [record]
    assert ("conversation-recorded" in walked.caller.played) is record
