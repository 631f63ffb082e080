"""``ivr ticket``: what citizens called about. Reads the database itself, so it works while the hotline is down too."""

from __future__ import annotations

import asyncio
import getpass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from ivr.cli import Refusal, app
from ivr.cli.language import say, spoken
from ivr.cli.listing import Format, FormatOption, console, headings, print_json, print_table
from ivr.cli.opened import opened
from ivr.messages import Message, words_of
from ivr.numbers import normalise
from ivr.tickets.models import Ticket
from ivr.tickets.state import TicketState
from ivr.tickets.statuses import STATUSES, StatusRefused
from ivr.tickets.tickets import Filter, Found, Page, Sort, Tickets, TicketUnknown
from ivr.tickets.views import event_view, found_view, ticket_view

tickets = typer.Typer(no_args_is_help=True, help="List, show and move tickets.")
app.add_typer(tickets, name="ticket")

HEADINGS = headings(
    "number", "registered", "caller", "line", "language", "section", "operator", "wait", "talk", "end", "status"
)  # fmt: skip
EXPENDABLE = ("language", "status", "talk", "wait", "section", "line", "operator")
"""What is left out, in this order, where the terminal is too narrow: `ivr ticket show` has it."""

MOMENTS = frozenset({"since", "opens", "closes"})
"""What events carry in seconds since 1970."""

Number = Annotated[int, typer.Argument(help="the ticket's number", min=1, max=2**63 - 1)]


@tickets.command("list")
def list_(
    *,
    form: FormatOption = Format.TABLE,
    limit: Annotated[int, typer.Option(min=1, max=500, help="at most so many, the newest first")] = 50,
    phone: Annotated[str | None, typer.Option(help="the caller's number, written in any way")] = None,
    status: Annotated[str | None, typer.Option(help=f"one of {', '.join(STATUSES)}")] = None,
    operator: Annotated[str | None, typer.Option(help="the operator's id")] = None,
    version: Annotated[str | None, typer.Option(help="how the configuration's version begins: `ivr versions`")] = None,
    words: Annotated[str | None, typer.Option(help="words of its demand, comments or outcome, in any form")] = None,
    sort: Annotated[Sort, typer.Option(help="due: only those whose term runs")] = Sort.NEWEST,
    after: Annotated[str | None, typer.Option(help="the 'next' that the page before gave")] = None,
) -> None:
    """List tickets, the newest first."""
    if status is not None and status not in STATUSES:
        raise Refusal(Message("status-unknown", status=status, statuses=tuple(STATUSES)))
    wanted = Filter(caller=_phone(phone), status=status, operator=operator, version=version, words=words, sort=sort)
    page = asyncio.run(_list(wanted, limit, after))
    if form is Format.JSON:
        print_json({"tickets": [ticket_view(ticket) for ticket in page.tickets], "next": page.next})
        return
    if page.tickets:
        print_table(HEADINGS, [_row(ticket) for ticket in page.tickets], expendable=EXPENDABLE)
    else:
        say(Message("tickets-none"))
    if page.next:
        say(Message("tickets-more", next=page.next))


@tickets.command()
def show(number: Number, form: FormatOption = Format.TABLE) -> None:
    """Show a ticket. What is known of it, its way through the menus, and everything that happened."""
    found = asyncio.run(_show(number))
    if form is Format.JSON:
        print_json(found_view(found))
        return
    _print_facts(found.ticket)
    _print_history(found)


@tickets.command()
def status(
    number: Number,
    new: Annotated[str, typer.Argument(metavar="STATUS", help=f"one of {', '.join(STATUSES)}")],
    reason: Annotated[str, typer.Option(help="why; kept in the ticket's history")] = "",
) -> None:
    """Move a ticket to another status."""
    moved = asyncio.run(_status(number, new, reason)).status
    console.print(f"{number}: {STATUSES[moved].names[spoken()]} ({moved})")


async def _list(wanted: Filter, limit: int, after: str | None) -> Page:
    async with opened() as database:
        try:
            return await Tickets(database).list(wanted, limit=limit, after=after)
        except ValueError as error:
            raise Refusal(words_of(error)) from None


async def _show(number: int) -> Found:
    async with opened() as database:
        found = await Tickets(database).get(number)
    if found is None:
        raise Refusal(Message("ticket-unknown", number=str(number)))
    return found


async def _status(number: int, new: str, reason: str) -> TicketState:
    async with opened() as database:
        try:
            return await Tickets(database).set_status(number, new, by=f"cli:{getpass.getuser()}", reason=reason)
        except (StatusRefused, TicketUnknown) as error:
            raise Refusal(words_of(error)) from None


def _phone(written: str | None) -> str | None:
    if written is None:
        return None
    number = normalise(written)
    if number is None:
        raise Refusal(Message("phone-unread", written=written))
    return number


def _row(ticket: Ticket) -> list[str]:
    return [
        str(ticket.number),
        f"{ticket.registered_at.astimezone():%Y-%m-%d %H:%M:%S}",
        ticket.caller or "withheld",
        ticket.line,
        ticket.language,
        ticket.section,
        ticket.operator,
        _seconds(ticket.wait_seconds),
        _seconds(ticket.talk_seconds or None),
        ticket.end or "in progress",
        ticket.status,
    ]


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} s"


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M:%S %Z}"
    if isinstance(value, dict):
        return " ".join(f"{name}:{each}" for name, each in value.items())
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _here(view: dict[str, Any]) -> dict[str, Any]:
    """The view with its moments as moments: they are shown in this machine's time zone, as in the list."""
    moments = {
        name: datetime.fromisoformat(value)
        for name, value in view.items()
        if name.endswith("_at") and value is not None
    }
    return {**view, **moments}


def _print_facts(ticket: Ticket) -> None:
    table = Table(show_header=False, box=None)
    facts = _here(ticket_view(ticket))
    facts["identification"] = ", ".join(f"{given['kind']} {given['masked']}" for given in facts["identification"])
    facts["path"] = " → ".join(facts["path"])
    for name, value in facts.items():
        if value not in (None, ""):
            table.add_row(name.replace("_", " "), _shown(value))
    console.print(table)


def _print_history(found: Found) -> None:
    table = Table("", "time", "what", "details", title="what happened", title_justify="left")
    for entry in found.events:
        view = event_view(entry.event)
        at, kind = datetime.fromisoformat(view.pop("at")).astimezone(), view.pop("type")
        details = ", ".join(f"{name}={_shown(_moment(name, value))}" for name, value in view.items())
        table.add_row(str(entry.seq), f"{at:%H:%M:%S}.{at.microsecond // 1000:03}", kind, details)
    for event in found.log:
        view = event_view(event)
        at, kind, by = datetime.fromisoformat(view.pop("at")).astimezone(), view.pop("type"), view.pop("by")
        table.add_row("", f"{at:%Y-%m-%d %H:%M:%S}", kind, f"{_told(kind, view)} by {by}")
    console.print(table)


def _told(kind: str, view: dict[str, Any]) -> str:
    """What an event of the ticket's own log says; a change of status as ``registered → done``."""
    if kind == "status":
        return f"{view['before']} → {view['after']} {view.get('reason', '')}".rstrip()
    return ", ".join(f"{name}={_shown(value)}" for name, value in view.items())


def _moment(name: str, value: object) -> object:
    """A moment that an event carries in seconds since 1970."""
    return datetime.fromtimestamp(value, UTC) if name in MOMENTS and isinstance(value, float) else value
