"""``ivr diff``: what the files in the folder change for callers, in words, before they go live."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivr.cli import Refusal, app
from ivr.cli.hotline import asked_if_running, settings
from ivr.cli.listing import Format, FormatOption, print_json
from ivr.flow.problem import Problems
from ivr.flow.service import load
from ivr.golive.content import read_content
from ivr.golive.diff import Difference, differences, wording
from ivr.golive.versions import UnknownVersion, Versions


class Spoken(StrEnum):
    """Languages in which changes are told."""

    RU = "ru"
    EN = "en"


@app.command()
def diff(
    version: Annotated[str, typer.Argument(help="compare with this version; by default with what is live")] = "",
    language: Annotated[Spoken, typer.Option(help="of the sentences")] = Spoken.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Tell what the files change for callers, and for those who wait now; nothing is changed by asking."""
    given = settings()
    versions = Versions(given.state, time.time)
    try:
        folder = versions.content_folder(versions.find(version, "") if version else versions.live())
        found = _between(folder, given.config)
    except (UnknownVersion, OSError) as error:
        raise Refusal(str(error)) from None
    except Problems as error:
        raise Refusal(f"the files cannot be understood, so they change nothing:\n{error}") from None
    waiting = asked_if_running(
        lambda hotline: {queue["name"]: queue["waiting"] for queue in hotline.get("/api/v1/queues")["queues"]},
        lambda: None,
    )
    if form is Format.JSON:
        print_json([{"kind": each.kind, **each.values, "words": each.words(language, waiting)} for each in found])
        return
    for each in found:
        typer.echo(each.words(language, waiting))
    if not found:
        typer.echo(wording()[language]["nothing"])


def _between(old: Path, new: Path) -> list[Difference]:
    return differences(load(old), load(new), read_content(old), read_content(new))
