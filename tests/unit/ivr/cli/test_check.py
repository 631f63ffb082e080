from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ivr import cli
from ivr.cli import Refusal
from ivr.cli import check as command
from ivr.flow.annotations import annotation
from ivr.flow.problem import Problem
from ivr.settings import PROJECT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = tmp_path / "config"
    for name in ("dialplans", "recordings/prompts"):
        shutil.copytree(PROJECT / name, config / name)
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, config / path.name)
    monkeypatch.setenv("IVR_CONFIG", str(config))
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return config


def printed(form: str) -> Result:
    return CliRunner().invoke(cli.app, [command.check.__name__, "--format", form])


def break_federal(folder: Path) -> int:
    """A node's name is misspelt; in which line."""
    path = folder / "dialplans/federal.yaml"
    text = path.read_text("utf-8").replace("then: language}", "then: langage}", 1)
    path.write_text(text, "utf-8")
    return text[: text.index("langage")].count("\n") + 1


def result_of(run: dict[str, Any], text: str) -> dict[str, Any]:
    return next(result for result in run["results"] if text in result["message"]["text"])


def test_sarif_has_what_its_schema_requires(folder: Path) -> None:
    line = break_federal(folder)
    done = printed("sarif")
    assert done.exit_code == 1
    log = json.loads(done.output)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert run["invocations"][0]["executionSuccessful"] is True
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["ruleId"] in known
        assert result["level"] in ("error", "warning", "note", "none")
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
    misspelt = result_of(run, "did you mean 'language'")
    place = misspelt["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "config/dialplans/federal.yaml"
    assert place["region"] == {
        "startLine": line,
        "startColumn": place["region"]["startColumn"],
        "snippet": {"text": "langage"},
    }


def test_a_sound_configuration_is_a_sarif_run_without_errors(folder: Path) -> None:
    done = printed("sarif")
    assert done.exit_code == 0
    (run,) = json.loads(done.output)["runs"]
    assert not [result for result in run["results"] if result["level"] == "error"]


def test_github_shows_each_fault_at_its_line(folder: Path) -> None:
    line = break_federal(folder)
    done = printed("github")
    assert done.exit_code == 1
    assert f"::error file=config/dialplans/federal.yaml,line={line},col=" in done.output


def test_nothing_in_a_file_ends_an_annotation_or_begins_a_command() -> None:
    problem = Problem("a,b:c.yaml", 1, 2, "x\n::stop-commands::y", "100% wrong: a, b", "mend\r\nit")
    line = annotation(problem)
    assert "\n" not in line
    assert "\r" not in line
    assert line.startswith("::error file=a%2Cb%3Ac.yaml,line=1,col=2,title=100%25 wrong%3A a%2C b::")
    assert "100%25 wrong: a, b: x%0A::stop-commands::y; mend%0D%0Ait" in line


def test_a_broken_prompt_is_told_with_its_file(folder: Path) -> None:
    (folder / "recordings/prompts/ru/welcome.txt").write_text("Слово {", "utf-8")
    done = printed("json")
    assert done.exit_code == 1
    files = [fault["file"] for fault in json.loads(done.output) if fault["severity"] == "error"]
    assert "recordings/prompts/ru/welcome.txt" in files


def test_where_there_is_nothing_to_check_the_status_is_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_CONFIG", str(tmp_path / "absent"))
    done = printed("text")
    assert isinstance(done.exception, Refusal)
    assert done.exception.status == 2
