"""The help of every command in the language of whoever asks for it: English in the code, Russian in ``help.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import typer
import yaml
from typer.core import TyperCommand, TyperGroup

from ivr.messages import LANGUAGES

Command = TyperGroup | TyperCommand

VERBATIM = "\b"
"""Begins a paragraph that is a table: it stays as it is."""

_FILE = Path(__file__).with_name("help.yaml")


def explained(app: typer.Typer, language: str) -> TyperGroup:
    """The commands of ``app`` with all their help in ``language``."""
    whole = typer.main.get_command(app)
    assert isinstance(whole, TyperGroup)
    for command in below(whole) if language != LANGUAGES[0] else ():
        command.help = _told(command.help)
        for parameter in command.params:
            if described := getattr(parameter, "help", None):
                setattr(parameter, "help", _told(described))  # noqa: B010  options have it, and typer's arguments
    return whole


def below(command: Command) -> Iterator[Command]:
    """The command and all of its own."""
    yield command
    for each in command.commands.values() if isinstance(command, TyperGroup) else ():
        if isinstance(each, Command):
            yield from below(each)


@cache
def russian() -> Mapping[str, str]:
    """help.yaml: a paragraph in English -> in Russian."""
    loaded: Mapping[str, str] = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return loaded


def paragraphs(words: str) -> list[str]:
    """Each with its lines joined, but those that are tables."""
    return [each if each.startswith(VERBATIM) else " ".join(each.split()) for each in words.split("\n\n")]


def _told(words: str | None) -> str | None:
    return words and "\n\n".join(russian().get(each, each) for each in paragraphs(words))
