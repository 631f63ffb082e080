"""Example calls: the shipped ones go as written, and what comes otherwise is told where and how."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
import structlog
from typer.testing import CliRunner, Result

from ivr import cli
from ivr.cli import test as test_command
from ivr.settings import PROJECT

HEAD = "tests: 1\nflow: federal\ncalls:\n"
DIALS = "  a call:\n    dials: 8 800 555-44-33\n    speaks: ru\n"


@pytest.fixture(autouse=True)
def logging_of_its_own() -> Iterator[None]:
    """The command says what is logged."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert test_command
    copy = tmp_path / "config"
    shutil.copytree(PROJECT / "dialplans", copy / "dialplans", ignore=shutil.ignore_patterns("tests"))
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, copy)
    (copy / "dialplans/tests").mkdir()
    (copy / "recordings").mkdir()
    (copy / "recordings/prompts").symlink_to(PROJECT / "recordings/prompts")
    monkeypatch.setenv("IVR_CONFIG", str(copy))
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "state"))
    return copy


def ivr(*words: str) -> Result:
    return CliRunner().invoke(cli.app, [*words])


def written(folder: Path, call: str) -> Path:
    path = folder / "dialplans/tests/federal.yaml"
    path.write_text(HEAD + call, "utf-8")
    return path


def test_the_shipped_examples_go_as_written_and_take_every_edge(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IVR_CONFIG", str(PROJECT))
    monkeypatch.setenv("IVR_STATE", str(tmp_path))
    result = ivr("test", "--coverage")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("steps", "line", "expected", "actual"),
    [
        ("[hears: main]", 7, "hears: main", "hears: welcome-federal"),
        (
            "[hears: [welcome-federal, main]]",
            7,
            "hears: welcome-federal, main",
            "welcome-federal, conversation-recorded",
        ),
        ("[talks-to: anna]", 7, "talks-to: anna", "then a key is waited for"),
        ("[{during: welcome-federal, presses: 1}, hears: welcome-federal]", 7, "hears: welcome-federal", "hears:"),
        ("[{during: main, presses: 1}]", 7, "presses: 1, during: main", "conversation-recorded"),
        ("[hears: please-hold, says: nothing]", 7, "says: nothing", "then music"),
        ("[hears: please-hold, waits: 30m]", 7, "waits: 1800s", "then a key is waited for"),
    ],
)
def test_a_step_that_comes_otherwise(folder: Path, steps: str, line: int, expected: str, actual: str) -> None:
    written(folder, f"{DIALS}    call: {steps}\n")
    result = ivr("test")
    assert result.exit_code == 1
    assert f"dialplans/tests/federal.yaml:{line}\n" in result.output
    assert expected in result.output
    assert actual in result.output


def test_keys_in_what_must_be_heard_do_not_stop_it(folder: Path) -> None:
    steps = "[{during: conversation-recorded, presses: 1}, hears: conversation-recorded]"
    written(folder, f"{DIALS}    call: {steps}\n")
    assert "1 example call, 0 failed" in ivr("test").output


def test_a_phone_that_rings_for_another_operator(folder: Path) -> None:
    written(folder, f"{DIALS}    operators: {{anna: {{}}}}\n    call:\n      - rings: boris\n")
    assert "rings: boris" in ivr("test").output
    assert "anna's phone rings" in ivr("test").output


def test_what_came_of_the_call_stands_beside_what_should(folder: Path) -> None:
    written(
        folder, f"{DIALS}    result:\n      ended: answered\n      needs: {{language: en}}\n      operator: nobody\n"
    )
    output = ivr("test").output
    assert "dialplans/tests/federal.yaml:8\n" in output
    assert "ended: answered" in output and "ended: completed" in output
    assert "needs: language.en:1" in output and "needs: language.ru:1" in output
    assert "operator" not in output


def test_what_came_otherwise_is_told_in_russian_and_yaml_stays_as_it_is_written(folder: Path) -> None:
    written(folder, f"{DIALS}    call:\n      - presses: '1'\n      - hears: nonsense\n")
    output = ivr("test", "--language", "ru").output
    assert "НЕ ПРОШЁЛ federal: " in output
    assert "ожидалось" in output and "вышло" in output
    assert "hears: nonsense" in output and "слышит: " in output
    assert output.splitlines()[-1] == "1 пример звонка, из них не прошло: 1"


def test_junit_tells_the_same_to_programs(folder: Path) -> None:
    written(folder, f"{DIALS}    result: {{ended: answered}}\n  another:\n    dials: 8 800 555-44-33\n")
    result = ivr("test", "--format", "junit")
    suites = fromstring(result.stdout)
    assert (suites.get("tests"), suites.get("failures")) == ("2", "1")
    failing, sound = suites.iter("testcase")
    assert failing.get("file") == "dialplans/tests/federal.yaml"
    assert "ended: answered" in str(failing.find("failure").get("message"))
    assert sound.find("failure") is None


def test_coverage_names_the_edges_that_no_call_takes(folder: Path) -> None:
    written(folder, DIALS)
    result = ivr("test", "--coverage")
    assert result.exit_code == 1
    assert "operator.operator -> answered" in result.output
    assert "operator.operator -> timeout" not in result.output


@pytest.mark.parametrize(
    ("call", "place", "words"),
    [
        (f"{DIALS}    operater: {{anna: {{}}}}\n", "7:5", "did you mean 'operators'?"),
        (f"{DIALS}    call:\n      - heard: main\n", "8:9", "did you mean 'hears'?"),
        (f"{DIALS}    call:\n      - {{hears: main, presses: 1}}\n", "8:9", "a step is one thing"),
        (f"{DIALS}    call:\n      - during: main\n", "8:9", "write {during: main, presses: 1}"),
        (f"{DIALS}    call:\n      - presses: #\n", "8:9", "write # and * in quotes"),
        (f"{DIALS}    at: tomorrow\n", "7:9", "write 2026-11-24 10:00"),
        (f"{DIALS}    requests: {{10000004: lost}}\n", "7:26", "use one of: registered"),
        (f"{DIALS}    operators: {{anna: {{skills: {{tehnical: 2}}}}}}\n", "7:33", "did you mean 'technical'?"),
        (f"{DIALS}    closed: paiments\n", "7:13", "did you mean 'payments'?"),
        (f"{DIALS}    waiting: {{tehnical: 2}}\n", "7:15", "did you mean 'technical'?"),
        ('  "{x}":\n    each: [{y: 1}]\n    dials: 112\n', "5:12", "'x' is not given here"),
        ("  a call: {from: 112}\n", "4:11", "the key 'dials' is missing"),
    ],
)
def test_a_file_that_cannot_be_understood(folder: Path, call: str, place: str, words: str) -> None:
    written(folder, call)
    result = ivr("test")
    assert isinstance(result.exception, cli.Refusal)
    assert result.exception.status == 2
    assert f"dialplans/tests/federal.yaml:{place}: error" in str(result.exception)
    assert words in str(result.exception)


def test_an_operator_is_ready_or_not_in_plain_words(folder: Path) -> None:
    staff = "    operators: {anna: {ready: no}, boris: {ready: yes}, clara: {ready: after 5m}}\n"
    written(folder, f"{DIALS}{staff}    call:\n      - presses: 0\n      - talks-to: boris\n")
    assert "1 example call, 0 failed" in ivr("test").output


def test_a_file_is_called_as_its_flow(folder: Path) -> None:
    written(folder, DIALS).rename(folder / "dialplans/tests/federation.yaml")
    assert "write 'flow: federation'" in str(ivr("test").exception)


def test_without_examples_nothing_is_said_to_be_sound(folder: Path) -> None:
    assert "there are no example calls" in str(ivr("test").exception)


def test_a_node_that_fails_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr("ivr.nodes.choose_language.ChooseLanguage.run", broken)
    written(folder, DIALS)
    assert "something of ours failed" in ivr("test").output


SURROUNDED = """
dialplan: 1
flow: federal
start: repeat
rescue: operator
nodes:
  repeat: {branch: repeat, when: {repeat: load}, otherwise: operator}
  load: {branch: waiting, queue: general, when: {over 10: wait}, otherwise: operator}
  wait: {branch: expected-wait, queue: general, when: {over 5m: who}, otherwise: operator}
  who: {sub-flow: ask, returned: {known: status}, then: operator}
  status: {http: benefits, keep: {state: state}, then: open}
  open: {branch: attribute, attribute: state, when: {open: thanks}, otherwise: operator}
  thanks: {goodbye: goodbye}
  operator: {queue: general, then: thanks, otherwise: thanks}
"""
ASK = """
dialplan: 1
flow: ask
start: ask
rescue: message
nodes:
  ask: {play: welcome-federal, then: done}
  done: {return: known}
  message: {record-message: leave-message, then: done}
"""


def test_the_world_around_the_call_is_the_examples_own(folder: Path) -> None:
    (folder / "dialplans/federal.yaml").write_text(SURROUNDED, "utf-8")
    (folder / "dialplans/ask.yaml").write_text(ASK, "utf-8")
    queue = "    waiting: {general: 11}\n    expected-wait: {general: 6m}\n"
    caller = "    from: +7 916 123-45-67\n    earlier-calls: 1\n"
    secret = "systems: {benefits: {url: 'https://crm.example/ivr', secret: BENEFITS}}\n"
    (folder / "outside.yaml").write_text(secret, "utf-8")
    caller += "    systems: {benefits: {state: open}}\n"
    written(folder, f"{DIALS}{queue}{caller}    result: {{ended: completed, queue: nothing}}\n")
    result = ivr("test", "--coverage")
    assert "1 example call, 0 failed" in result.output, str(result.exception)
    assert "federal.who -> then" in result.output
    assert "federal.status -> failed" in result.output
    assert "federal.who -> known" not in result.output
