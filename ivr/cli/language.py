"""The language in which commands speak: ``--language``, else IVR_LANGUAGE, else the locale."""

from __future__ import annotations

from contextvars import ContextVar
from enum import StrEnum
from typing import Annotated

import typer

from ivr.messages import preferred, told

_chosen: ContextVar[str | None] = ContextVar("language", default=None)


class Language(StrEnum):
    """Languages of the words that commands print."""

    RU = "ru"
    EN = "en"


def spoken() -> str:
    """The language of the command that runs."""
    return _chosen.get() or preferred()


def say(words: str, *, err: bool = False) -> None:
    """Print a message, or words that are the same in every language."""
    typer.echo(told(words, spoken()), err=err)


def _choose(language: Language | None) -> str:
    """A command's own option goes before the one that stands before the command."""
    if language is not None:
        _chosen.set(language.value)
    return spoken()


def _choose_anew(language: Language | None) -> str:
    _chosen.set(language.value if language else None)
    return spoken()


_HELP = "Of the words that are printed; by default IVR_LANGUAGE or the locale's."

LanguageOption = Annotated[Language | None, typer.Option("--language", help=_HELP, callback=_choose)]
"""A command's."""

FirstLanguageOption = Annotated[Language | None, typer.Option("--language", help=_HELP, callback=_choose_anew)]
"""Before any command: for those, too, whose ``--language`` is a caller's or an operator's."""
