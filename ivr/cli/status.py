"""``ivr status``: whether the hotline can serve calls now, in words."""

from __future__ import annotations

from typing import Any

import typer

from ivr.cli import Refusal, app
from ivr.cli.hotline import asked
from ivr.cli.listing import Format, FormatOption, print_json


@app.command()
def status(form: FormatOption = Format.TABLE) -> None:
    """Say whether calls can be served now; ends with 1 when they cannot."""
    code, answer = asked(lambda hotline: hotline.status("/readyz"))
    if not isinstance(answer, dict) or "checks" not in answer:
        raise Refusal("something else than the hotline answers at its port: set IVR_HTTP_PORT to a free one")
    if form is Format.JSON:
        print_json(answer)
    else:
        for check in answer["checks"]:
            typer.echo(f"{_mark(check)} {check['name']}: {check['words']}")
        typer.echo("ready: calls are served" if answer["ready"] else "not ready")
    if code != 200:
        raise typer.Exit(1)


def _mark(check: dict[str, Any]) -> str:
    if check["ok"]:
        return "ok     "
    return "NOT OK " if check["vital"] else "warning"
