"""``ivr reload``: let the running hotline read its configuration again."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ivr.cli import app
from ivr.cli.hotline import asked

WhyOption = Annotated[str, typer.Option(help="why, for those who read `ivr versions` later")]


@app.command()
def reload(why: WhyOption = "") -> None:
    """Check and test regions.yaml and dialplans/, and swap them in if they pass; calls in progress stay on theirs."""
    tell_live(asked(lambda hotline: hotline.post("/api/v1/dialplans", {"why": why})))


def tell_live(answer: dict[str, Any]) -> None:
    """Say which version is live now, and what it is warned of."""
    for warning in answer["warnings"]:
        typer.echo(f"{warning['pointer']}: warning: {warning['detail']}", err=True)
    typer.echo(f"the configuration is live (version {answer['version']})")
