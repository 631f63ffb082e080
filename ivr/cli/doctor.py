"""``ivr doctor``: what is wrong, or soon will be, and what to do about it."""

from __future__ import annotations

import typer
from rich.table import Table

from ivr.cli import Refusal, app
from ivr.cli.language import LanguageOption, spoken
from ivr.cli.listing import Format, FormatOption, console, print_json
from ivr.doctor import examined
from ivr.doctor.finding import LEVELS, Finding, Level
from ivr.messages import told, words_of
from ivr.settings import Settings, SettingsError


@app.command()
def doctor(form: FormatOption = Format.TABLE, language: LanguageOption = None) -> None:
    """Find what is wrong, or soon will be, and its mend. Ends with 1 when calls cannot be served."""
    try:
        found = examined(Settings.from_environment(), spoken())
    except SettingsError as error:
        raise Refusal(words_of(error)) from None
    if form is Format.JSON:
        print_json([finding.as_dict(spoken()) for finding in found])
    else:
        _print(found)
    raise typer.Exit(1 if any(finding.level is Level.FAIL for finding in found) else 0)


def _print(found: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in found:
        level, about, words, mend = (
            told(each, spoken()) for each in (LEVELS[finding.level], finding.about, finding.found, finding.mend)
        )
        table.add_row(level, about, f"{words}\n  → {mend}" if mend else words)
    console.print(table)
