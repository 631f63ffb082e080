"""``ivr reload``: let the running hotline read its configuration again."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ivr.cli import app
from ivr.cli.hotline import asked
from ivr.cli.language import LanguageOption, spoken
from ivr.flow.problem import SEVERITIES
from ivr.messages import Message

WhyOption = Annotated[str, typer.Option(help="why, for those who read `ivr versions` later")]


@app.command()
def reload(why: WhyOption = "", language: LanguageOption = None) -> None:
    """Check, test and swap in the files in the folder. Calls in progress stay on what they began with."""
    tell_live(asked(lambda hotline: hotline.post("/api/v1/dialplans", {"why": why})))


def tell_live(answer: dict[str, Any]) -> None:
    """Say which version is live now, and what it is warned of."""
    for warning in answer["warnings"]:
        severity = SEVERITIES["warning"].told(spoken())
        typer.echo(f"{warning['pointer']}: {severity}: {warning['detail']}", err=True)
    typer.echo(Message("configuration-live", version=answer["version"]).told(spoken()))
