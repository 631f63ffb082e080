"""``ivr rollback``: make an earlier configuration live again."""

from __future__ import annotations

from typing import Annotated

import typer

from ivr.cli import app
from ivr.cli.hotline import asked
from ivr.cli.language import LanguageOption
from ivr.cli.reload import WhyOption, tell_live


@app.command()
def rollback(
    version: Annotated[str, typer.Argument(help="how the version begins; by default the one before")] = "",
    why: WhyOption = "",
    language: LanguageOption = None,
) -> None:
    """Go back to a kept version. Its files are written over those in the folder; what stood there is kept, too."""
    tell_live(asked(lambda hotline: hotline.post("/api/v1/dialplans/rollback", {"version": version, "why": why})))
