"""Flows name regions that lines have, and return only where somebody called."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.flow.checks import examine
from ivr.flow.problem import Problem
from tests.unit.small import written


def errors(folder: Path) -> list[Problem]:
    return [problem for problem in examine(folder)[1] if problem.severity == "error"]


@pytest.mark.parametrize("by", ["region", "caller-region"])
def test_a_region_that_no_line_has_is_told_at_its_word(tmp_path: Path, by: str) -> None:
    nodes = f"where: {{branch: {by}, when: {{moscw: operator, unknown: operator}}, otherwise: operator}}"
    (problem,) = errors(written(tmp_path / "config", nodes))
    assert (problem.line, problem.text, problem.mend) == (6, "moscw", "did you mean 'moscow'?")
    assert "regions.yaml" in problem.reason


def test_a_return_in_a_flow_that_nothing_calls_is_told_with_a_call_that_comes_there(tmp_path: Path) -> None:
    (problem,) = errors(written(tmp_path / "config", "hello: {play: welcome, then: back}\nback: {return: done}"))
    assert (problem.text, problem.mend.startswith("call this flow by 'sub-flow: main'")) == ("back", True)
    assert problem.call.startswith("calls +7 800 555-35-35")


def test_a_return_in_a_flow_that_is_called_is_sound(tmp_path: Path) -> None:
    nodes, called = "ask: {sub-flow: other, then: operator}", "back: {return: done}"
    assert errors(written(tmp_path / "config", nodes, others={"other": called})) == []
