from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from ivr import cli
from ivr.cli import call as call_command
from ivr.cli import check as check_command
from ivr.cli import test as test_command
from ivr.settings import PROJECT


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    assert call_command
    assert check_command
    assert test_command
    monkeypatch.setenv("IVR_CONFIG", str(PROJECT))
    monkeypatch.setenv("IVR_STATE", str(tmp_path))
    yield
    structlog.reset_defaults()


def ivr(*words: str, typed: str | None = None) -> str:
    result = CliRunner().invoke(cli.app, [*words], input=typed)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_call_by_given_keys() -> None:
    said = ivr("call", "8 800 555-35-35", "--keys", "15111#")
    assert "« Введите одиннадцать цифр СНИЛС." in said
    assert "(queue technical: needs language.ru 1, technical 2, at most 1500 s)" in said
    assert "ended end=answered" in said


def test_a_call_is_told_in_russian() -> None:
    said = ivr("--language", "ru", "call", "8 800 555-35-35", "--keys", "15111#")
    assert "линия moscow, сценарий regional" in said
    assert "(очередь technical: нужно language.ru 1, technical 2, самое большее 1500 с)" in said
    assert "(звонит телефон operator)" in said
    assert "→ end: конец" in said


def test_a_call_by_typed_keys_until_the_caller_hangs_up() -> None:
    said = ivr("call", "+78005553538", typed="\n2\nh\n")
    assert "« Татарча сөйләшү өчен бер төймәсенә басыгыз." in said
    assert "ended end=abandoned-in-menu" in said


def test_nobody_answers() -> None:
    said = ivr("call", "8 495 771-30-30", "--language", "en", "--keys", "0", "--nobody")
    assert "a voice message" in said
    assert "ended end=voice-message" in said


def test_a_wait_that_goes_over_to_another_queue_says_so() -> None:
    said = ivr("call", "8 800 555-35-35", "--keys", "130", "--nobody")
    assert said.index("(queue payments: needs") < said.index("(goes over to the queue general: overflow)")


def test_a_snils_is_shown_masked_in_the_events() -> None:
    said = ivr("call", "88005553535", "--keys", "15111112233445951")
    assert "identified kind=snils masked=*********95" in said


def test_each_decision_is_shown_as_it_is_made() -> None:
    given = ["--operators", "anna technical=3 ru, boris ru en", "--at", "2026-11-24 10:00", "--from", "+79161234567"]
    said = ivr("call", "88005553535", "--keys", "15111#", *given)
    assert "2026-11-24 10:00 there; operators: anna, boris" in said
    assert "caller=+79161234567" in said
    assert said.index("→ 1: technical") < said.index("technical.technical") < said.index("→ skipped: wait")
    assert "(offered to anna: the only one free who could take it)" in said
    assert "(ruled out: boris lacks technical:2" in said


def test_an_operator_who_knows_less_answers_later() -> None:
    said = ivr("call", "88005553535", "--keys", "15111#", "--operators", "boris ru")
    hold = (PROJECT / "recordings/prompts/ru/please-hold.txt").read_text("utf-8").strip()
    assert f"  « {hold}" in said
    assert "(boris answers, and hangs up)" in said


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--at", "tomorrow", "write it as '2026-11-24 10:00'"),
        ("--operators", "anna technical=9", "write technical=3 or ru"),
        ("--operators", "Anna", "no operator is called 'Anna'"),
        ("--status", "lost", "use one of registered"),
    ],
)
def test_an_option_that_makes_no_sense(option: str, value: str, words: str) -> None:
    result = CliRunner().invoke(cli.app, ["call", "88005553535", option, value])
    assert words in str(result.exception)


@pytest.mark.parametrize(
    "typed",
    [
        "1\n2\n2\n1\n#\n",
        "1\n3\n1\n1\n11223344595\n1\n",
        "\n0\n5\nh\n",
        "2\n1\n10000004\n#\n1\n3\n",
        "1\n\n\n\n\n",
        "h\n",
        "1!2!11\n#\n",
    ],
    ids=["answered", "identified", "number told, gone", "status", "silent", "gone", "in a hurry"],
)
@pytest.mark.parametrize("staff", ["--nobody", "--operators=anna technical=2 ru"])
def test_a_recorded_call_goes_as_it_was_walked(
    typed: str, staff: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    shutil.copytree(PROJECT / "dialplans", config / "dialplans", ignore=shutil.ignore_patterns("tests"))
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, config)
    (config / "recordings").mkdir()
    (config / "recordings/prompts").symlink_to(PROJECT / "recordings/prompts")
    monkeypatch.setenv("IVR_CONFIG", str(config))
    file = str(config / "dialplans/tests/main.yaml")
    assert "'recorded 1'" in ivr("call", "88005553535", staff, "--record", file, typed=typed)
    assert "'recorded 2'" in ivr("test", "--record", file, "--dials", "88005553538", typed="h\n")
    assert "2 example calls, 0 failed" in ivr("test")
    assert typed.count("!") == Path(file).read_text("utf-8").count("during:")
