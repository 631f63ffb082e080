"""A call goes out to a number that is allowed, and goes on afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.calllog.events import Resumed, TransferBegan, TransferEnded
from ivr.channel import CallerGone, RingOutcome
from ivr.flow.checks import examine
from ivr.session import Session
from tests.unit.scripted import ScriptedCaller, begin, taken_up, walk
from tests.unit.small import service, written

OUTSIDE = "numbers: {police: +7 495 123-45-67}"
NODES = "out: {transfer: police, then: bye, otherwise: operator}"


async def test_the_caller_speaks_with_somebody_outside(tmp_path: Path) -> None:
    walked = await walk(service(tmp_path, NODES, files=OUTSIDE), "", tmp_path)
    assert walked.caller.transfers == ["+74951234567"]
    assert walked.path == ["main.out", "main.bye"]
    assert walked.end == "transferred"
    (ended,) = walked.log.of(TransferEnded)
    assert isinstance(ended, TransferEnded)
    assert (ended.to, ended.outcome, ended.seconds) == ("police", "answered", 20.0)


@pytest.mark.parametrize("outcome", [RingOutcome.NO_ANSWER, RingOutcome.DECLINED, RingOutcome.UNREACHABLE])
async def test_who_is_not_answered_there_comes_back(tmp_path: Path, outcome: RingOutcome) -> None:
    walked = await walk(service(tmp_path, NODES, files=OUTSIDE), ScriptedCaller(outside=outcome), tmp_path)
    assert walked.path == ["main.out", "main.operator", "main.bye"]
    assert walked.end == "answered"


async def test_after_a_restart_nobody_is_rung_a_second_time(tmp_path: Path) -> None:
    config = service(tmp_path, NODES, files=OUTSIDE)
    walked = begin(config, ScriptedCaller(gone_while="talking", lost=True), tmp_path)
    with pytest.raises(CallerGone):
        await Session(config).run(walked.call)
    walked.call.log(Resumed(at=walked.call.now(), why="a test"))
    again = taken_up(walked, ScriptedCaller(), config)
    await Session(config).run(again.call)
    assert again.path == ["main.out", "main.operator", "main.bye"]
    assert len(again.log.of(TransferBegan)) == 1
    assert not again.caller.transfers


def test_a_number_that_is_not_allowed_does_not_go_live(tmp_path: Path) -> None:
    found, problems = examine(written(tmp_path / "config", NODES, files="numbers: {polise: +7 495 123-45-67}"))
    assert found is None
    assert any("did you mean 'polise'?" in str(problem) for problem in problems)
