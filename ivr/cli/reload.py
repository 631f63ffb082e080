"""``ivr reload``: let the running hotline read its configuration again."""

from __future__ import annotations

import typer

from ivr.cli import app
from ivr.cli.hotline import asked


@app.command()
def reload() -> None:
    """Check regions.yaml and dialplans/, and swap them in if they pass; calls in progress stay on what they had."""
    answer = asked(lambda hotline: hotline.post("/api/v1/dialplans/reload"))
    for warning in answer["warnings"]:
        typer.echo(f"{warning['pointer']}: warning: {warning['detail']}", err=True)
    typer.echo(f"the configuration is live (version {answer['version']})")
