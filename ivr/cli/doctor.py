"""``ivr doctor``: what is wrong, or soon will be, and what to do about it."""

from __future__ import annotations

import typer
from rich.table import Table

from ivr.cli import Refusal, app
from ivr.cli.listing import Format, FormatOption, console, print_json
from ivr.doctor import examined
from ivr.doctor.finding import Finding, Level
from ivr.settings import Settings, SettingsError


@app.command()
def doctor(form: FormatOption = Format.TABLE) -> None:
    """Look at Asterisk, ports, network, configuration, prompts and database; status 1 when calls cannot be served."""
    try:
        found = examined(Settings.from_environment())
    except SettingsError as error:
        raise Refusal(str(error)) from None
    if form is Format.JSON:
        print_json([finding.as_dict() for finding in found])
    else:
        _print(found)
    raise typer.Exit(1 if any(finding.level is Level.FAIL for finding in found) else 0)


def _print(found: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in found:
        words = f"{finding.found}\n  → {finding.mend}" if finding.mend else finding.found
        table.add_row(finding.level.value, finding.about, words)
    console.print(table)
