"""``ivr why``: why a ticket's call went where it did. Reads the database itself, as ``ivr ticket`` does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from ivr.cli import Refusal, app
from ivr.cli.language import LanguageOption, say, spoken
from ivr.cli.listing import Format, FormatOption, print_json
from ivr.cli.opened import opened
from ivr.messages import Message, words_of
from ivr.tickets.operators import Operators
from ivr.tickets.tickets import Found, Tickets
from ivr.why.reasons import Reason, reasons
from ivr.why.supposed import SuppositionRefused
from ivr.why.views import reason_view
from ivr.why.words import told
from routing.model import Operator


@app.command()
def why(
    number: Annotated[int, typer.Argument(help="the ticket's number", min=1, max=2**63 - 1)],
    suppose: Annotated[
        list[str] | None, typer.Option("--if", help="what to suppose: 'op7 had payments:3'; may be given again")
    ] = None,
    form: FormatOption = Format.TABLE,
    language: LanguageOption = None,
) -> None:
    """Say why a call was offered to whom it was. Who was eligible, who was ruled out by which rule, who was next.

    With --if: what the same router would have decided, had something been otherwise.

    \b
    --if 'op7 had payments:3'          --if 'op7 had no payments'
    --if 'op7 were ready'              --if 'op7 were away'
    --if 'op7 had not refused'         --if 'op7 spoke tt'
    --if 'op7 served QUEUE'            --if 'the call needed payments:2'
    --if 'the call needed no payments' --if 'the call had priority 5'
    --if 'the call had waited 3m'      --if 'the queue chose best-skilled'
    """
    found, roster = asyncio.run(_read(number))
    try:
        given = reasons((entry.event for entry in found.events), suppose or [], roster)
    except SuppositionRefused as error:
        raise Refusal(words_of(error)) from None
    if form is Format.JSON:
        print_json({"ticket": number, "decisions": [reason_view(each, spoken()) for each in given]})
        return
    if not given:
        say(Message("why-no-decision", number=str(number)))
    for each in given:
        _print(each)


async def _read(number: int) -> tuple[Found, dict[str, Operator]]:
    async with opened() as database:
        found = await Tickets(database).get(number)
        operators = await Operators(database).list()
    if found is None:
        raise Refusal(Message("ticket-unknown", number=str(number)))
    return found, {each.id: Operator(each.id, each.skills) for each in operators}


def _print(reason: Reason) -> None:
    at = f"{datetime.fromtimestamp(reason.at, UTC).astimezone():%Y-%m-%d %H:%M:%S}"
    for place, line in enumerate(told(reason)):
        typer.echo(f"{at if not place else '  '} {line.told(spoken())}")
