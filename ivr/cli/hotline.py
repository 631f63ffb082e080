"""How a command reaches the running hotline, or does without, and how refusals become the command's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from ivr.cli import Refusal
from ivr.cli.opened import opened
from ivr.desk.client import Client, NotRunning, Refused
from ivr.settings import Settings, SettingsError
from ivr.tickets.database import Database
from ivr.tickets.operators import OperatorRefused

T = TypeVar("T")


def settings() -> Settings:
    """This hotline's settings. Raises Refusal."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        raise Refusal(str(error)) from None


def asked(ask: Callable[[Client], Any]) -> Any:
    """What the running hotline answers. Raises Refusal in its words."""
    try:
        return ask(Client.find(settings().state))
    except (NotRunning, Refused) as error:
        raise Refusal(str(error)) from None


def asked_if_running(ask: Callable[[Client], Any], otherwise: Callable[[], Any]) -> Any:
    """What the running hotline answers; ``otherwise`` when none runs. Raises Refusal."""
    try:
        return ask(Client.find(settings().state))
    except NotRunning:
        return otherwise()
    except Refused as error:
        raise Refusal(str(error)) from None


def stored(work: Callable[[Database], Awaitable[T]]) -> T:
    """What ``work`` does with the database, when no hotline runs. Raises Refusal."""
    return asyncio.run(_stored(work))


async def _stored(work: Callable[[Database], Awaitable[T]]) -> T:
    async with opened() as database:
        try:
            return await work(database)
        except OperatorRefused as error:
            raise Refusal(str(error)) from None
