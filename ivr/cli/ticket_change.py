"""``ivr ticket open`` and ``comment``: what came by letter, and what is noted of any ticket."""

from __future__ import annotations

import asyncio
import getpass
import time
from typing import Annotated

import typer

from ivr.cli import Refusal
from ivr.cli.language import say
from ivr.cli.opened import opened
from ivr.cli.ticket import Number, tickets
from ivr.flow.problem import Problems, did_you_mean
from ivr.flow.sections import Sections
from ivr.flow.service import load
from ivr.messages import Message, words_of
from ivr.settings import Settings
from ivr.tickets.events import CHANNELS, Commented, Demanded, Opened, Said
from ivr.tickets.tickets import Tickets, TicketUnknown

WRITTEN = CHANNELS[1:]
"""A call opens its ticket by itself."""


@tickets.command("open")
def open_(
    demand: Annotated[str, typer.Argument(help="what the applicant wants")],
    channel: Annotated[str, typer.Option(help=f"one of {', '.join(WRITTEN)}")] = "letter",
    category: Annotated[str, typer.Option(help="of sections.yaml; it brings its section")] = "",
) -> None:
    """Open a ticket. It came by letter, chat or visit; calls open theirs by themselves."""
    if channel not in WRITTEN:
        raise Refusal(Message("channel-unknown", channel=channel, channels=WRITTEN))
    about = _about() if category else Sections()
    if category and category not in about.categories:
        mend = did_you_mean(category, about.categories)
        raise Refusal(Message("ticket-category-unknown", category=category, mend=mend))
    letter = Opened(
        **_said(),
        channel=channel,
        section=about.categories[category].section if category else "",
        category=category,
        term=about.term("", category),
        complexity=about.complexity(category),
    )
    say(Message("ticket-opened", number=str(asyncio.run(_open(letter, _worded(demand))))))


@tickets.command()
def comment(number: Number, text: Annotated[str, typer.Argument(help="what is to be noted")]) -> None:
    """Note something of a ticket. Its history keeps who did."""
    asyncio.run(_comment(number, _worded(text)))
    say(Message("ticket-noted", number=str(number)))


async def _open(letter: Opened, demand: str) -> int:
    async with opened() as database:
        return await Tickets(database).open(letter, [Demanded(**_said(), text=demand)])


async def _comment(number: int, text: str) -> None:
    noted = Commented(**_said(), text=text)
    async with opened() as database:
        try:
            await Tickets(database).change(number, lambda _: [noted])
        except TicketUnknown as error:
            raise Refusal(words_of(error)) from None


def _said() -> Said:
    return {"at": time.time(), "by": f"cli:{getpass.getuser()}"}


def _worded(text: str) -> str:
    words = text.strip()
    if not 0 < len(words) <= 4000 or not words.replace("\n", " ").isprintable():
        raise Refusal(Message("ticket-words-wrong"))
    return words


def _about() -> Sections:
    try:
        return load(Settings.from_environment().config).sections
    except Problems as error:
        raise Refusal(words_of(error)) from None
