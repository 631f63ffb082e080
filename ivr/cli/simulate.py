"""``ivr simulate``: what would become of these calls with these operators and rules."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivr.cli import Refusal, app
from ivr.cli.hotline import settings
from ivr.cli.language import say, spoken
from ivr.cli.listing import print_json, print_table
from ivr.cli.opened import opened
from ivr.flow.problem import Problems
from ivr.flow.service import load
from ivr.messages import Message
from ivr.simulation import report, yesterday
from ivr.simulation.loading import Written, default, read_scenario
from ivr.tickets.day import WaitedCall, waited
from ivr.tickets.deadlines import MOSCOW
from ivr.tickets.operators import Operators
from routing.simulate.figures import LEVEL, replications
from routing.simulate.scenario import Scenario

CANNOT_RUN = 2
"""Exit status when nothing could be simulated."""


class Format(StrEnum):
    """How the figures are printed: for people, for programs, as a picture."""

    TABLE = "table"
    JSON = "json"
    SVG = "svg"


@app.command()
def simulate(
    scenario: Annotated[
        Path | None, typer.Argument(help="The scenario's file: docs/reference.md lists its keys.")
    ] = None,
    from_yesterday: Annotated[bool, typer.Option("--yesterday", help="Yesterday's calls, from the database.")] = False,
    form: Annotated[Format, typer.Option("--format", help="table for people, json for programs, svg.")] = Format.TABLE,
    days: Annotated[int | None, typer.Option(min=2, max=1000, help="How often the day is simulated.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Other chances; the same seed gives the same calls.")] = None,
) -> None:
    """Simulate a day with the real router. Service level, waits, hang-ups and occupancy, each with its 95 % interval.

    A file's calls, or --yesterday's, are taken by its operators; without a file by those who answered yesterday.
    Exit status: 0 simulated, 2 it could not be.
    """
    try:
        queues = load(settings().config).queues
        written = read_scenario(scenario, queues) if scenario else default(queues)
    except Problems as problems:
        raise Refusal(problems.told(spoken()), CANNOT_RUN) from None
    except OSError as error:
        raise Refusal(Message("scenario-unread", file=str(scenario), why=str(error.strerror)), CANNOT_RUN) from None
    day = _yesterday(written) if from_yesterday else _as_written(written)
    many = days or written.days
    rows = replications(day, str(written.seed if seed is None else seed), many)
    if form is Format.JSON:
        print_json(report.data(rows, day.within, many, LEVEL))
    elif form is Format.SVG:
        typer.echo(report.picture(rows, day.within, many, spoken()), nl=False)
    else:
        print_table(*report.table(rows, day.within, spoken()))
        say(Message("days-simulated", days=many, percent=round(100 * LEVEL)))


def _as_written(written: Written) -> Scenario:
    if not written.streams or not written.staff:
        missing = "operators" if written.streams else "calls"
        raise Refusal(Message("nothing-to-simulate", missing=missing), CANNOT_RUN)
    return written.scenario(written.streams, written.staff)


def _yesterday(written: Written) -> Scenario:
    today = datetime.now(MOSCOW).date()
    since, until = (datetime.combine(day, time(), MOSCOW) for day in (today - timedelta(days=1), today))
    try:
        calls, skills = asyncio.run(_stored(since, until))
    except Refusal as refusal:
        raise Refusal(refusal.message, CANNOT_RUN) from None
    known = [call for call in calls if call.queue in written.queues]
    if not known:
        raise Refusal(Message("no-calls-of-day", day=since.date().isoformat()), CANNOT_RUN)
    if len(known) < len(calls):
        say(Message("calls-left-out", calls=len(calls) - len(known)), err=True)
    midnight = since.timestamp()
    staff = written.staff or yesterday.staff(known, skills, midnight)
    if not staff:
        raise Refusal(Message("nobody-answered-on-day", day=since.date().isoformat()), CANNOT_RUN)
    return written.scenario(yesterday.streams(known, midnight), staff, midnight)


async def _stored(since: datetime, until: datetime) -> tuple[list[WaitedCall], Mapping[str, Mapping[str, int]]]:
    async with opened() as database:
        records = await Operators(database).list()
        return await waited(database, since, until), {record.id: record.skills for record in records}
