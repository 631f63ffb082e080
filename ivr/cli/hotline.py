"""How a command reaches the running hotline, or does without, and how refusals become the command's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from ivr.cli import Refusal
from ivr.cli.language import spoken
from ivr.cli.opened import opened
from ivr.desk.client import Client, NotRunning, Refused
from ivr.messages import Message, words_of
from ivr.settings import Settings, SettingsError
from ivr.tickets.database import Database
from ivr.tickets.operators import OperatorRefused

T = TypeVar("T")

WORDS = {
    "path-unknown": Message("hotline-knows-nothing"),
    "operator-unknown": Message("operator-not-there"),
    "operator-exists": Message("operator-there-already"),
    "database-away": Message("database-away"),
}
"""Refusals that the API tells in the words of programs (addresses, methods), told to a person at a terminal."""


def settings() -> Settings:
    """This hotline's settings. Raises Refusal."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        raise Refusal(words_of(error)) from None


def asked(ask: Callable[[Client], Any]) -> Any:
    """What the running hotline answers. Raises Refusal in its words."""
    try:
        return ask(Client.find(settings().state, spoken()))
    except NotRunning as error:
        raise Refusal(error.message) from None
    except Refused as error:
        raise _refusal(error) from None


def asked_if_running(ask: Callable[[Client], Any], otherwise: Callable[[], Any]) -> Any:
    """What the running hotline answers; ``otherwise`` when none runs. Raises Refusal."""
    try:
        return ask(Client.find(settings().state, spoken()))
    except NotRunning:
        return otherwise()
    except Refused as error:
        raise _refusal(error) from None


def _refusal(error: Refused) -> Refusal:
    return Refusal(WORDS.get(error.kind, error.message))


def stored(work: Callable[[Database], Awaitable[T]], *, new: bool = False) -> T:
    """What ``work`` does with the database, when no hotline runs. Raises Refusal. ``new``: as of ``opened``."""
    return asyncio.run(_stored(work, new=new))


async def _stored(work: Callable[[Database], Awaitable[T]], *, new: bool) -> T:
    async with opened(new=new) as database:
        try:
            return await work(database)
        except OperatorRefused as error:
            raise Refusal(words_of(error)) from None
