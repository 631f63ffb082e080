"""The help of every command can be read in Russian."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperGroup

from ivr import cli
from ivr.cli.help import VERBATIM, below, explained, paragraphs, russian
from ivr.messages import LANGUAGES


def said() -> Iterator[str]:
    """Every paragraph of help."""
    cli.commands()
    for command in below(explained(cli.app, "en")):
        for words in (command.help, *(getattr(parameter, "help", None) for parameter in command.params)):
            yield from (each for each in paragraphs(words or "") if each and not each.startswith(VERBATIM))


def test_every_paragraph_of_help_is_there_in_russian_and_nothing_else() -> None:
    assert set(said()) == set(russian()), "mend ivr/cli/help.yaml"


def test_the_help_of_a_command_is_told_in_russian() -> None:
    whole = explained(cli.app, "ru")
    check = whole.commands["check"]
    assert (check.help or "").startswith("Проверить файлы линии")
    assert "есть ошибки" in (check.help or "")
    assert (explained(cli.app, "en").commands["check"].help or "").startswith("Check the configuration")


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_of_commands_say_whole_what_each_does(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    cli.commands()
    for group in (each for each in below(explained(cli.app, language)) if isinstance(each, TyperGroup)):
        listed = group.get_help(typer.Context(group, info_name="ivr")).partition("Commands:\n")[2].splitlines()
        assert listed
        assert not [line for line in listed if line.endswith("...")]
