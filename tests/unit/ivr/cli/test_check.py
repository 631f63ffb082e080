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
from ivr.messages import Message
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


def printed(form: str, *options: str) -> Result:
    return CliRunner().invoke(cli.app, [command.check.__name__, "--format", form, *options])


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


def test_in_russian_the_words_change_and_the_rule_does_not(folder: Path) -> None:
    break_federal(folder)
    fault = next(each for each in json.loads(printed("json", "--language", "ru").output) if each["text"] == "langage")
    assert (fault["reason"], fault["mend"]) == ("такого узла нет", "возможно, имелось в виду «language»")
    assert fault["rule"] == "no-such-node"
    (run,) = json.loads(printed("sarif", "--language", "ru").output)["runs"]
    told = result_of(run, "возможно, имелось в виду «language»")
    assert told["ruleId"] == "no-such-node"
    title = "title=такого узла нет [no-such-node]"
    assert title in printed("github", "--language", "ru").output
    text = printed("text", "--language", "ru").output
    assert "ошибка: такого узла нет: langage; возможно, имелось в виду «language»" in text
    assert text.splitlines()[-1].endswith("в работу эти файлы не пойдут")


def test_the_language_is_asked_for_once_for_every_command_or_by_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = CliRunner().invoke(cli.app, ["--language", "ru", "check"]).output
    assert "готова к работе" in before
    assert "fit to go live" in CliRunner().invoke(cli.app, ["check"]).output
    monkeypatch.setenv("IVR_LANGUAGE", "ru")
    assert CliRunner().invoke(cli.app, ["check"]).output == before


def test_nothing_in_a_file_ends_an_annotation_or_begins_a_command() -> None:
    reason = Message("file-unreadable", why="100%\r\nwrong: a, b")
    problem = Problem("a,b:c.yaml", 1, 2, "x\n::stop-commands::y", reason, Message("take-it-out"))
    line = annotation(problem, "en")
    assert "\n" not in line
    assert "\r" not in line
    title, _, message = line.removeprefix("::error file=a%2Cb%3Ac.yaml,line=1,col=2,title=").partition("::")
    assert title == "the file cannot be read%3A 100%25%0D%0Awrong%3A a%2C b [file-unreadable]"
    assert message == "the file cannot be read: 100%25%0D%0Awrong: a, b: x%0A::stop-commands::y; take it out"


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
