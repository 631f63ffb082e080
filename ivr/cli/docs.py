"""``ivr docs``: the reference of what the files may say."""

from __future__ import annotations

from typing import Annotated

import typer

from ivr.cli import app
from ivr.cli.language import LanguageOption, spoken
from ivr.reference.pages import PAGES, page
from ivr.settings import Settings


@app.command()
def docs(
    write: Annotated[bool, typer.Option("--write", help="Write it, in each language, beside the files.")] = False,
    language: LanguageOption = None,
) -> None:
    """Print the reference of files, nodes and identifiers. In Markdown."""
    if not write:
        typer.echo(page(spoken()), nl=False)
        return
    folder = Settings.from_environment().config
    for each, file in PAGES.items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(page(each), "utf-8")
        typer.echo(str(path))
