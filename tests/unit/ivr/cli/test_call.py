from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr import cli
from ivr.cli import call as call_command
from ivr.cli import check as check_command
from ivr.settings import PROJECT


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert call_command
    assert check_command
    monkeypatch.setenv("IVR_CONFIG", str(PROJECT))
    monkeypatch.setenv("IVR_STATE", str(tmp_path))


def ivr(*words: str, typed: str | None = None) -> str:
    result = CliRunner().invoke(cli.app, [*words], input=typed)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_call_by_given_keys() -> None:
    said = ivr("call", "8 800 555-35-35", "--keys", "11#")
    assert "« Введите одиннадцать цифр СНИЛС." in said
    assert "(queue technical: needs language.ru 1, technical 2, at most 1500 s)" in said
    assert "ended end=answered" in said


def test_a_call_by_typed_keys_until_the_caller_hangs_up() -> None:
    said = ivr("call", "+78005553538", typed="\n2\nh\n")
    assert "« Татарча сөйләшү өчен бер төймәсенә басыгыз." in said
    assert "ended end=abandoned-in-menu" in said


def test_nobody_answers() -> None:
    said = ivr("call", "8 495 771-30-30", "--language", "en", "--keys", "0", "--nobody")
    assert "a voice message" in said
    assert "ended end=voice-message" in said


def test_a_snils_is_shown_masked_in_the_events() -> None:
    said = ivr("call", "88005553535", "--keys", "11112233445951")
    assert "identified kind=snils masked=*** *** *** 95" in said
