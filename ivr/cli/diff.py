"""``ivr diff``: what the files in the folder change for callers, in words, before they go live."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Annotated, Any

import typer

from ivr.cli import Refusal, app
from ivr.cli.hotline import asked_if_running, settings
from ivr.cli.listing import Format, FormatOption, print_json
from ivr.flow.problem import Problems
from ivr.flow.service import Service, load
from ivr.golive.content import read_content
from ivr.golive.diff import Difference, differences, wording
from ivr.golive.versions import UnknownVersion, Versions
from ivr.golive.waits import call_by_call, whoever

SHOWN = 40
"""How many who wait are told of one by one."""


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
        old, new = load(folder), load(given.config)
        found = differences(old, new, read_content(folder), read_content(given.config))
    except (UnknownVersion, OSError) as error:
        raise Refusal(str(error)) from None
    except Problems as error:
        raise Refusal(f"the files cannot be understood, so they change nothing:\n{error}") from None
    waiting = asked_if_running(
        lambda hotline: {queue["name"]: queue["waiting"] for queue in hotline.get("/api/v1/queues")["queues"]},
        lambda: None,
    )
    waits = [] if version else _waits(old, new)
    if form is Format.JSON:
        told = [*found, *waits]
        print_json([{"kind": each.kind, **each.values, "words": each.words(language, waiting)} for each in told])
        return
    for each in [*found, *waits[:SHOWN]]:
        typer.echo(each.words(language, waiting))
    if len(waits) > SHOWN:
        typer.echo(Difference("calls-more", {"count": len(waits) - SHOWN}).words(language))
    if not found:
        typer.echo(wording()[language]["nothing"])


def _waits(old: Service, new: Service) -> list[Difference]:
    """Those who wait, one by one; without a hotline to tell of them, whoever may be waiting."""
    preview = asked_if_running(lambda hotline: hotline.get("/api/v1/dialplans/preview"), lambda: None)
    return list(whoever(old, new)) if preview is None else _foretold(preview)


def _foretold(preview: dict[str, Any]) -> list[Difference]:
    return list(call_by_call(preview["waiting"])) if preview["version"] else [Difference("calls-refused")]
