"""``ivr diff``: what the files in the folder change for callers, in words, before they go live."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from ivr.cli import Refusal, app
from ivr.cli.hotline import asked_if_running, settings
from ivr.cli.language import LanguageOption, say, spoken
from ivr.cli.listing import Format, FormatOption, print_json
from ivr.flow.problem import Problems
from ivr.flow.service import Service, load
from ivr.golive.content import read_content
from ivr.golive.diff import Difference, differences
from ivr.golive.versions import UnknownVersion, Versions
from ivr.golive.waits import call_by_call, whoever
from ivr.messages import Message

SHOWN = 40
"""How many who wait are told of one by one."""


@app.command()
def diff(
    version: Annotated[str, typer.Argument(help="compare with this version; by default with what is live")] = "",
    language: LanguageOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Tell what the files change for callers. For those who wait now, too; nothing is changed by asking."""
    given = settings()
    versions = Versions(given.state, time.time)
    try:
        folder = versions.content_folder(versions.find(version, "") if version else versions.live())
        old, new = load(folder), load(given.config)
        found = differences(old, new, read_content(folder), read_content(given.config))
    except UnknownVersion as error:
        raise Refusal(error.message) from None
    except OSError as error:
        raise Refusal(str(error)) from None
    except Problems as error:
        raise Refusal(Message("diff-files-unread", errors=error.told(spoken()))) from None
    waiting = asked_if_running(
        lambda hotline: {queue["name"]: queue["waiting"] for queue in hotline.get("/api/v1/queues")["queues"]},
        lambda: None,
    )
    waits = [] if version else _waits(old, new)
    if form is Format.JSON:
        told = [*found, *waits]
        print_json([{"kind": each.kind, **each.values, "words": each.words(spoken(), waiting)} for each in told])
        return
    for each in [*found, *waits[:SHOWN]]:
        typer.echo(each.words(spoken(), waiting))
    if len(waits) > SHOWN:
        typer.echo(Difference("calls-more", {"count": len(waits) - SHOWN}).words(spoken()))
    if not found:
        say(Message("diff-nothing"))


def _waits(old: Service, new: Service) -> list[Difference]:
    """Those who wait, one by one; without a hotline to tell of them, whoever may be waiting."""
    preview = asked_if_running(lambda hotline: hotline.get("/api/v1/dialplans/preview"), lambda: None)
    return list(whoever(old, new)) if preview is None else _foretold(preview)


def _foretold(preview: dict[str, Any]) -> list[Difference]:
    return list(call_by_call(preview["waiting"])) if preview["version"] else [Difference("calls-refused")]
