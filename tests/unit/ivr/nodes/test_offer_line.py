"""Whose region has a line of its own hears its number, and goes there or stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.flow.service import Service, load
from ivr.session import Session
from ivr.settings import PROJECT
from tests.unit.scripted import ScriptedCaller, Walked, begin

SHIPPED = load(PROJECT)
ALL_RUSSIA = "+78005553500"
KAZAN = "+78432123456"


async def called(keys: str, folder: Path, caller: str = KAZAN, service: Service = SHIPPED) -> Walked:
    walked = begin(service, ScriptedCaller(keys), folder, dialled=ALL_RUSSIA, remembered="ru")
    walked.call.state.caller = caller
    await Session(service).run(walked.call)
    return walked


@pytest.mark.parametrize(
    ("keys", "line"), [("1", "tatarstan"), ("2", "all-russia"), ("_", "all-russia"), ("77", "all-russia")]
)
async def test_one_goes_there_and_anything_else_stays(keys: str, line: str, tmp_path: Path) -> None:
    walked = await called(f"{keys}0", tmp_path)
    assert walked.call.state.line == line
    assert "main" in walked.caller.played
    assert walked.request.queue == "general"


async def test_the_number_told_is_the_one_in_regions_yaml(tmp_path: Path) -> None:
    walked = await called("0", tmp_path)
    assert any("8 800 555 35 38" in words for words in walked.caller.heard)
    assert "main" not in walked.caller.played, "0 is a person at once"


async def test_nine_and_hash_repeat_it_but_not_for_ever(tmp_path: Path) -> None:
    walked = await called("9#" * 30, tmp_path)
    assert walked.caller.played.count("own-line-tatarstan") == 12
    assert "main" in walked.caller.played


async def test_a_star_asks_again(tmp_path: Path) -> None:
    walked = await called("*1", tmp_path)
    assert walked.caller.played.count("own-line-tatarstan") == 2
    assert walked.call.state.line == "tatarstan"


async def test_a_mobile_number_is_offered_nothing(tmp_path: Path) -> None:
    walked = await called("0", tmp_path, caller="+79161234567")
    assert walked.caller.played[:2] == ["welcome", "main"]


async def test_a_line_that_nobody_can_dial_is_not_offered(tmp_path: Path) -> None:
    unlisted = replace(SHIPPED.lines["tatarstan"], numbers=())
    walked = await called("0", tmp_path, service=replace(SHIPPED, lines={**SHIPPED.lines, "tatarstan": unlisted}))
    assert walked.caller.played[:2] == ["welcome", "main"]
