"""What somebody typed wrong is told in their language, with what mends it: through the command itself."""

import sys

import pytest

from ivr.cli import main

WRONG = {
    "tiket": ("команды tiket нет (может быть, ", "there is no command tiket (did you mean "),
    "ticket list --limt 3": ("параметра --limt нет (может быть, --limit?)", "there is no option --limt"),
    "ticket list --limit 9999": ("можно не больше 500", "it is 500 at most"),
    "ticket list --limit": ("укажите значение --limit", "give a value to --limit"),
    "ticket show": ("укажите 'number'", "give 'number'"),
    "ticket show 99999999999999999999": ("можно не больше 9223372036854775807", "it is 9223372036854775807 at most"),
    "why 99999999999999999999": ("можно не больше", "at most"),
    "ticket show x": ("это не число", "it is no number"),
    "ticket list --format x": ("«x» нет среди 'table', 'json'", "'x' is none of 'table', 'json'"),
    "call 1 2 3": ("лишние слова: 2 3", "too many words: 2 3"),
}


@pytest.mark.parametrize("typed", WRONG)
@pytest.mark.parametrize("language", [0, 1], ids=["ru", "en"])
def test_what_is_typed_wrong_is_told_in_the_language_of_whoever_typed(
    typed: str, language: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IVR_LANGUAGE", ("ru", "en")[language])
    monkeypatch.setattr(sys, "argv", ["ivr", *typed.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith("ivr: ")
    assert WRONG[typed][language] in said
