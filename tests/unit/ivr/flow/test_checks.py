"""The shipped configuration is sound; broken copies of it are told where, why and how to mend."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr import cli
from ivr.cli import check as check_command
from ivr.flow.checks import examine
from ivr.flow.live import LiveService
from ivr.flow.problem import Problem, Problems
from ivr.flow.service import load
from ivr.prompts.catalogue import Catalogue
from ivr.settings import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "config"
    copy.mkdir()
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, copy)
    shutil.copytree(PROJECT / "dialplans", copy / "dialplans", ignore=shutil.ignore_patterns("tests"))
    (copy / "recordings").mkdir()
    (copy / "recordings/prompts").symlink_to(PROJECT / "recordings/prompts")
    return copy


def edit(path: Path, old: str, new: str) -> tuple[int, int]:
    """Replace once; line and column of the place."""
    text = path.read_text("utf-8")
    assert old in text
    at = text.index(old)
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def errors(folder: Path) -> list[Problem]:
    service, problems = examine(folder)
    found = [problem for problem in problems if problem.severity == "error"]
    assert (service is None) == bool(found)
    return found


def test_the_shipped_configuration_is_sound() -> None:
    assert errors(PROJECT) == []


def test_greetings_and_menus_are_short() -> None:
    catalogue = Catalogue.load(PROJECT / "recordings/prompts", Path("none"))
    for language in ("ru", "en", "tt"):
        for name in catalogue.names(language):
            limit = 8 if name.startswith("welcome") else 20
            assert catalogue.seconds(name, language) <= limit, (language, name)


def test_every_text_is_there_in_each_language() -> None:
    names = [{path.name for path in (PROJECT / "recordings/prompts" / lang).iterdir()} for lang in ("ru", "en", "tt")]
    assert names[0] == names[1] == names[2]


@pytest.mark.parametrize(
    ("flow", "old", "new", "reason", "mend"),
    [
        ("federal", "then: language}", "then: langage}", "no such node", "did you mean 'language'?"),
        ("account", "optional: yes, then: wait", "optinal: yes, then: wait", "unknown key", "did you mean 'optional'?"),
        ("payments", "    queue: payments", "    queue: paymens", "no such queue", "did you mean 'payments'?"),
        ("main", "choose-language: line", "chose-language: line", "no node", "'choose-language'?"),
        (
            "request-status",
            "collect: ticket-number",
            "collect: ticket-nummer",
            "no identifier",
            "did you mean 'ticket-number'?",
        ),
        ("operator", "max-wait: 25m", "max-wait: 25 minutes", "length of time", "20s, 25m or 1h"),
        ("main", "      0: operator\n    otherwise", "    otherwise", "no 0", "add '0: operator'"),
        ("technical", "{after 60s: {technical: 1}", "{60s: {technical: 1}", "no time", "write 'after 60s'"),
        ("technical", "{technical: 2, language: caller}", "{technical: 9, language: caller}", "no level", "1 to 5"),
        (
            "operator",
            "{play: nobody-available,",
            "{play: nobody-awailable,",
            "no prompt",
            "did you mean 'nobody-available'?",
        ),
        ("operator", "{play: nobody-available,", "{play: request-status,", "other slots", "use no slot"),
        ("operator", "goodbye: {goodbye: goodbye}", "bye: {goodbye: goodbye}", "no such node", "did you mean"),
        ("federal", "start: welcome", "start: welcom", "no such node", "did you mean 'welcome'?"),
        ("request-status", "rescue: operator", "rescue: goodbye", "leads to nobody", "queue"),
        ("main", "dialplan: 1", "dialplan: 2", "written in version 2", "install a later release"),
        ("main", "flow: main", "flow: mein", "not called as its file", "flow: main"),
        ("request-status", "attempts: 2", "attempts: two", "whole number", "digits"),
        ("request-status", "    found: tell-status\n", "", "'found' is missing", "add 'found"),
        (
            "request-status",
            "{play: request-not-found, then: operator}",
            "request-not-found",
            "keys with values",
            "{play: welcome",
        ),
        (
            "request-status",
            "{play: request-not-found, then: operator}",
            "{then: operator, play: x}",
            "no node type",
            "put 'play: …' first",
        ),
    ],
)
def test_a_fault_in_a_flow_is_told_with_its_mend(
    folder: Path, flow: str, old: str, new: str, reason: str, mend: str
) -> None:
    file = f"dialplans/{flow}.yaml"
    line, _ = edit(folder / file, old, new)
    found = errors(folder)
    told = [p for p in found if reason in p.reason and mend in p.mend and p.file == file]
    assert told, found
    assert min(abs(problem.line - line) for problem in told) <= 10


@pytest.mark.parametrize(
    ("file", "first"),
    [
        ("dialplans/federal.yaml", "flow: federal"),
        ("queues.yaml", "queues:"),
        ("regions.yaml", "lines:"),
        ("operators.yaml", "operators:"),
        ("sections.yaml", "kinds:"),
        ("skills.yaml", "skills:"),
        ("outside.yaml", "numbers:"),
    ],
)
def test_a_file_that_is_a_list_is_told_its_own_first_key(folder: Path, file: str, first: str) -> None:
    (folder / file).write_text("- one\n- two\n", "utf-8")
    told = next(problem for problem in errors(folder) if problem.file == file)
    assert told.mend == f"begin it with a key: '{first}'"


def test_the_exact_place(folder: Path) -> None:
    line, column = edit(folder / "dialplans/federal.yaml", "language}\n  language:", "langage}\n  language:")
    problem = errors(folder)[0]
    place = (problem.file, problem.line, problem.column, problem.text)
    assert place == ("dialplans/federal.yaml", line, column, "langage")
    assert str(problem) == (
        f"dialplans/federal.yaml:{line}:{column}: error: there is no such node: langage; did you mean 'language'?"
    )


@pytest.mark.parametrize(
    ("old", "new", "reason", "mend"),
    [
        ("[+7 800 555-35-36]", "[8 (800) 555-35-35]", "has this number already", "one line"),
        ("[+7 800 555-35-36]", "[555-35-36]", "no telephone number", "+7 800"),
        ("time-zone: Asia/Novosibirsk", "time-zone: Asia/Novosib", "no such time zone", "IANA"),
        ("hours: 24/7\n    flow: federal", "hours: 9-21\n    flow: federal", "no hours", "24/7"),
        ("flow: federal", "flow: federl", "no such flow", "did you mean 'federal'?"),
        (", tt: Краснодар крае}", "}", "no name in 'tt'", "add 'tt: …'"),
        ("languages: [tt, ru, en]", "languages: [tt, ru, ba]", "no prompt", "recordings/prompts/ba/"),
        ("languages: [tt, ru, en]", "langages: [tt, ru, en]", "unknown key", "did you mean 'languages'?"),
        ("region: moscow", "region: Москва", "no name", "small Latin letters"),
    ],
)
def test_a_fault_in_the_regions_is_told_with_its_mend(folder: Path, old: str, new: str, reason: str, mend: str) -> None:
    edit(folder / "regions.yaml", old, new)
    found = errors(folder)
    assert any(reason in problem.reason and mend in problem.mend for problem in found), found


def test_silence_may_not_go_round_for_ever(folder: Path) -> None:
    edit(folder / "dialplans/request-status.yaml", "2\n    otherwise: goodbye", "2\n    otherwise: tell-status")
    (problem,) = errors(folder)
    assert "goes round for ever" in problem.reason
    assert "request-status.tell-status" in problem.reason


def test_a_node_that_nothing_leads_to(folder: Path) -> None:
    path = folder / "dialplans/message.yaml"
    path.write_text(path.read_text("utf-8") + "  lonely: {play: welcome, then: goodbye}\n", "utf-8")
    (problem,) = errors(folder)
    assert (problem.text, problem.reason) == ("lonely", "no call can come to this node")


def test_six_options_are_warned_of_and_eight_refused(folder: Path) -> None:
    path, last = folder / "dialplans/main.yaml", "      5: other-matters\n"
    six = f"{last}      6: request-status\n"
    edit(path, last, six)
    assert [problem.severity for problem in examine(folder)[1] if "6 options" in problem.reason] == ["warning"]
    edit(path, six, f"{six}      7: request-status\n      8: request-status\n")
    assert ["8 options" in problem.reason for problem in errors(folder)] == [True]


def test_all_faults_of_all_files_are_told_together(folder: Path) -> None:
    edit(folder / "dialplans/operator.yaml", "max-wait: 25m", "max-wait: long")
    edit(folder / "dialplans/federal.yaml", "start: welcome", "begin: welcome")
    edit(folder / "regions.yaml", "hours: 24/7\n    flow: regional", "hours: never\n    flow: regional")
    edit(folder / "queues.yaml", "ring: 20s", "rings: 20s")
    files = {problem.file for problem in errors(folder)}
    assert files == {"dialplans/operator.yaml", "dialplans/federal.yaml", "regions.yaml", "queues.yaml"}


def test_a_missing_prompt_names_the_file_to_write(folder: Path) -> None:
    (folder / "recordings/prompts").unlink()
    shutil.copytree(PROJECT / "recordings/prompts", folder / "recordings/prompts")
    (folder / "recordings/prompts/tt/goodbye.txt").unlink()
    assert all(problem.mend == "write recordings/prompts/tt/goodbye.txt" for problem in errors(folder))


def reload(live: LiveService) -> tuple[Problem, ...]:
    service = live.judge(*examine(live.folder))
    if service is not None:
        live.adopt(service)
    return live.problems


class TestLive:
    def test_only_what_passes_goes_live(self, folder: Path, tmp_path: Path) -> None:
        live = LiveService(folder, ())
        first = live.current
        edit(folder / "dialplans/operator.yaml", "max-wait: 25m", "max-wait: 20m")
        reload(live)
        assert live.current is not first
        assert live.problem is None
        second = live.current
        edit(folder / "dialplans/operator.yaml", "max-wait: 20m", "max-wait: soon")
        assert any("length of time" in problem.reason for problem in reload(live))
        assert live.current is second
        assert live.problem is not None
        assert "dialplans/operator.yaml:" in live.problem
        edit(folder / "dialplans/operator.yaml", "max-wait: soon", "max-wait: 20m")
        reload(live)
        assert live.problem is None

    def test_an_engine_started_on_broken_yaml_runs_on_the_first_good_one(self, folder: Path, tmp_path: Path) -> None:
        good = LiveService(folder, ()).current
        shutil.copytree(folder, tmp_path / "kept", symlinks=True)
        (folder / "dialplans/main.yaml").write_text("flow: [", "utf-8")
        again = LiveService(folder, [tmp_path / "gone", tmp_path / "kept"])
        assert again.current.version == good.version
        assert "the last good one is live" in (again.problem or "")

    def test_with_no_good_one_it_says_what_is_wrong(self, folder: Path, tmp_path: Path) -> None:
        (folder / "regions.yaml").unlink()
        with pytest.raises(Problems, match="cannot be read"):
            LiveService(folder, ())


class TestCommand:
    def test_sound(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("IVR_CONFIG", str(PROJECT))
        monkeypatch.setenv("IVR_STATE", str(tmp_path))
        result = CliRunner().invoke(cli.app, [check_command.check.__name__])
        assert result.exit_code == 0
        assert "fit to go live" in result.output

    def test_broken_as_json(self, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        edit(folder / "dialplans/federal.yaml", "then: language}", "then: langage}")
        monkeypatch.setenv("IVR_CONFIG", str(folder))
        monkeypatch.setenv("IVR_STATE", str(tmp_path))
        result = CliRunner().invoke(cli.app, ["check", "--format", "json"])
        assert result.exit_code == 1
        found = [problem for problem in json.loads(result.output) if problem["severity"] == "error"]
        assert found[0]["text"] == "langage"
        assert found[0]["mend"] == "did you mean 'language'?"


def test_a_strategy_that_the_routing_does_not_have(folder: Path) -> None:
    place = edit(folder / "queues.yaml", "technical: {ring: 20s", "technical: {strategy: longest-idel, ring: 20s")
    (fault,) = errors(folder)
    assert (fault.file, fault.line) == ("queues.yaml", place[0])
    assert "'longest-idle'" in fault.mend


def test_a_file_of_a_later_engine_is_told_once_with_the_mend(folder: Path) -> None:
    place = edit(folder / "dialplans/main.yaml", "dialplan: 1", "dialplan: 2")
    found = [fault for fault in errors(folder) if fault.file == "dialplans/main.yaml"]
    assert [(fault.line, fault.reason) for fault in found] == [
        (place[0], "this file is written in version 2 of the language; this engine reads 1")
    ]


def test_what_callers_hear_is_another_version(folder: Path) -> None:
    before = load(folder).version
    prompts = folder / "recordings/prompts"
    prompts.unlink()
    shutil.copytree(PROJECT / "recordings/prompts", prompts)
    assert load(folder).version == before
    (prompts / "ru/welcome.wav").write_bytes(b"RIFF")
    recorded = load(folder).version
    edit(prompts / "tt/goodbye.txt", ".", "!")
    assert len({before, recorded, load(folder).version}) == 3


def test_a_number_beyond_its_limits_is_told_with_the_limit(folder: Path) -> None:
    edit(folder / "dialplans/request-status.yaml", "attempts: 2", "attempts: 9")
    (fault,) = errors(folder)
    assert (fault.reason, fault.mend) == ("the most is 5", "write a number up to 5")


def test_a_prompt_is_no_path(folder: Path) -> None:
    edit(folder / "dialplans/all-russia.yaml", "play: welcome", "play: ../../etc/passwd")
    (fault, *_) = errors(folder)
    assert (fault.text, fault.reason) == ("../../etc/passwd", "this is no name")
