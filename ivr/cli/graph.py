"""``ivr graph``: a flow as a picture."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from ivr.cli import Refusal, app
from ivr.cli.language import LanguageOption, say, spoken
from ivr.cli.listing import print_json
from ivr.cli.opened import opened
from ivr.drawing.sketch import sketch
from ivr.drawing.svg import svg
from ivr.drawing.terminal import lines
from ivr.flow.problem import Problems, did_you_mean
from ivr.flow.service import load
from ivr.messages import Message
from ivr.settings import Settings
from ivr.tickets.traffic import steps


class Format(StrEnum):
    """How a flow is drawn."""

    TEXT = "text"
    SVG = "svg"
    JSON = "json"


@app.command()
def graph(
    flow: Annotated[str, typer.Argument(help="The flow's name.")],
    form: Annotated[Format, typer.Option("--format", help="text for a terminal, svg for a page.")] = Format.TEXT,
    days: Annotated[int, typer.Option(min=0, max=3660, help="Count the calls of so many days; 0: none.")] = 30,
    language: LanguageOption = None,
) -> None:
    """Draw a flow in the terminal or as SVG. Its nodes, where each leads, and how many calls went that way."""
    try:
        service = load(Settings.from_environment().config)
    except Problems as problems:
        raise Refusal(Message("check-tells-more", problems=problems.told(spoken()))) from None
    if flow not in service.flows:
        raise Refusal(Message("no-flow-of-name", flow=flow, mend=did_you_mean(flow, service.flows)))
    drawn = sketch(service.flows[flow], asyncio.run(_counted(flow, days)) if days else None)
    if form is Format.JSON:
        print_json(asdict(drawn))
    else:
        typer.echo(svg(drawn) if form is Format.SVG else "\n".join(lines(drawn)))


async def _counted(flow: str, days: int) -> Counter[tuple[str, str]] | None:
    """The calls; None, said aloud, where the database is away: the flow can be drawn without it."""
    try:
        async with opened() as database:
            return await steps(database, flow, datetime.now(UTC) - timedelta(days=days))
    except Refusal as refusal:
        say(Message("calls-not-counted", why=refusal.message), err=True)
        return None
