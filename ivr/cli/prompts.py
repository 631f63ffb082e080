"""`ivr prompts`: what callers hear, made and shown."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ivr.cli import Refusal, app
from ivr.cli.language import say, spoken
from ivr.cli.listing import headings, print_json
from ivr.messages import Message, told, words_of
from ivr.prompts.build import NoVoice
from ivr.prompts.catalogue import PromptError
from ivr.prompts.provide import places, render
from ivr.prompts.status import LanguageStatus, status
from ivr.prompts.voices import SynthesisError
from ivr.settings import Settings, SettingsError

prompts = typer.Typer(no_args_is_help=True, help="What callers hear: texts, recordings and voices.")
app.add_typer(prompts, name="prompts")


COLUMNS = headings("language", "prompts", "recorded", "sounds", "missing", "minutes", "voice", "licence")


class Format(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"


@prompts.command("build")
def build_command(
    again: Annotated[
        bool, typer.Option("--again", help="Choose the voices anew: the best that can be had now.")
    ] = False,
) -> None:
    """Make every sound that is missing. A recorded NAME.wav beside a text wins over synthesis."""
    try:
        done = render(Settings.from_environment(), say, again=again)
    except (SettingsError, PromptError, NoVoice, SynthesisError) as error:
        raise Refusal(words_of(error)) from None
    except OSError as error:
        raise Refusal(Message("prompts-unwritable", why=str(error))) from None
    for built in done:
        say(Message("prompts-built", language=built.language, sounds=built.sounds, made=built.made, voice=built.voice))


@prompts.command("status")
def status_command(
    format_: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
) -> None:
    """Show each language's prompts, voice and licence. And what is missing."""
    try:
        found = status(*places(Settings.from_environment()))
    except (SettingsError, PromptError) as error:
        raise Refusal(words_of(error)) from None
    if format_ is Format.JSON:
        print_json([asdict(language) for language in found])
        return
    _print(found)


def _print(found: tuple[LanguageStatus, ...]) -> None:
    table = Table(*(told(heading, spoken()) for heading in COLUMNS), box=None, pad_edge=False)
    for language in found:
        numbers = (language.prompts, language.recorded, language.synthesised, language.missing)
        minutes = f"{language.seconds / 60:.1f}"
        table.add_row(language.language, *map(str, numbers), minutes, language.voice or "-", language.licence or "-")
    console = Console()
    console.print(table)
    for language in found:
        for note in (language.terms, *language.warnings):
            if note:
                console.print(f"{language.language}: {told(note, spoken())}", markup=False)
