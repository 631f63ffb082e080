"""``ivr docs``: the reference of what the files may say."""

from __future__ import annotations

from typing import Annotated

import typer

from ivr.cli import app
from ivr.reference.pages import PAGE, page
from ivr.settings import Settings


@app.command()
def docs(
    write: Annotated[bool, typer.Option("--write", help=f"Write it to {PAGE} beside the files.")] = False,
) -> None:
    """Print the reference of files, nodes and identifiers as Markdown."""
    if not write:
        typer.echo(page(), nl=False)
        return
    path = Settings.from_environment().config / PAGE
    path.parent.mkdir(exist_ok=True)
    path.write_text(page(), "utf-8")
    typer.echo(str(path))
