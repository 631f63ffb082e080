"""The rules of a queue as they are written: what is wrong with them is told at its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ivr.flow.checks import examine
from ivr.flow.problem import Problem, Problems
from ivr.flow.service import load
from ivr.settings import PROJECT

RING = "technical: {ring: 20s"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("dialplans", "recordings/prompts"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    for file in PROJECT.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def told(folder: Path, rules: str) -> list[Problem]:
    path = folder / "queues.yaml"
    path.write_text(path.read_text().replace(RING, f"technical: {{{rules}, ring: 20s"))
    try:
        return [problem for problem in examine(folder)[1] if problem.file == "queues.yaml"]
    except Problems as error:
        return error.problems


def test_every_rule_reaches_the_router(folder: Path) -> None:
    rules = "strategy: best-skilled, order: strict, head-start: 30s, leave-free: {technical: 2}"
    assert told(folder, rules) == []
    queue = load(folder).queues["technical"]
    assert (queue.strategy, queue.order, queue.head_start) == ("best-skilled", "strict", 30.0)
    assert queue.leave_free == {"technical": 2}


@pytest.mark.parametrize(
    ("rules", "text", "said"),
    [
        ("order: strickt", "strickt", "did you mean 'strict'?"),
        ("leave-free: {tecnical: 1}", "tecnical", "did you mean 'technical'?"),
        ("order: strict, share: 2", "", "order: target-share"),
        ("order: target-share, share: 0", "0", "0.01"),
        ("order: target-share", "target-share", "or in none"),
        ("leave-free: {technical: 0}", "0", "the least is 1"),
        ("leave-free: {technical: 3}", "3", "none of them is ever offered a call of this queue"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_mend(folder: Path, rules: str, text: str, said: str) -> None:
    (problem,) = told(folder, rules)
    assert problem.text == text
    assert said in f"{problem.reason} {problem.mend}"
