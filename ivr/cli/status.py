"""``ivr status``: whether the hotline can serve calls now, in words."""

from __future__ import annotations

from typing import Any

import typer

from ivr.cli import Refusal, app
from ivr.cli.hotline import asked
from ivr.cli.language import LanguageOption, spoken
from ivr.cli.listing import Format, FormatOption, print_json
from ivr.messages import Message


@app.command()
def status(form: FormatOption = Format.TABLE, language: LanguageOption = None) -> None:
    """Say whether calls can be served now. Ends with 1 when they cannot."""
    code, answer = asked(lambda hotline: hotline.status("/readyz"))
    if not isinstance(answer, dict) or "checks" not in answer:
        raise Refusal(Message("port-of-another-program"))
    if form is Format.JSON:
        print_json(answer)
    else:
        marks = [_mark(check).told(spoken()) for check in answer["checks"]]
        for mark, check in zip(marks, answer["checks"], strict=True):
            typer.echo(f"{mark:{max(map(len, marks))}} {check['name']}: {check['words']}")
        typer.echo(Message("status-ready" if answer["ready"] else "status-not-ready").told(spoken()))
    if code != 200:
        raise typer.Exit(1)


def _mark(check: dict[str, Any]) -> Message:
    if check["ok"]:
        return Message("status-ok")
    return Message("status-not-ok") if check["vital"] else Message("severity-warning")
