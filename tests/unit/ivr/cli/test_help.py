"""The help of every command can be read in Russian."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from ivr import cli
from ivr.cli.help import VERBATIM, below, explained, paragraphs, russian


def said() -> Iterator[str]:
    """Every paragraph of help."""
    for module in pkgutil.iter_modules(cli.__path__):
        importlib.import_module(f"{cli.__name__}.{module.name}")
    for command in below(explained(cli.app, "en")):
        for words in (command.help, *(getattr(parameter, "help", None) for parameter in command.params)):
            yield from (each for each in paragraphs(words or "") if each and not each.startswith(VERBATIM))


def test_every_paragraph_of_help_is_there_in_russian_and_nothing_else() -> None:
    assert set(said()) == set(russian()), "mend ivr/cli/help.yaml"


def test_the_help_of_a_command_is_told_in_russian() -> None:
    whole = explained(cli.app, "ru")
    check = whole.commands["check"]
    assert (check.help or "").startswith("Проверить regions.yaml")
    assert "есть ошибки" in (check.help or "")
    assert (explained(cli.app, "en").commands["check"].help or "").startswith("Check regions.yaml")
