"""``ivr engine``: the process that serves calls; ``ivr run`` supervises it."""

from __future__ import annotations

import asyncio
import signal

import structlog
import typer
import uvloop

from ivr.app import Engine
from ivr.cli import Refusal, app
from ivr.desk.server import PortTaken
from ivr.flow.problem import Problems
from ivr.logs import configure
from ivr.messages import words_of
from ivr.settings import Settings, SettingsError
from ivr.tickets.faults import DatabaseError
from ivr.tickets.keys import KeyFault

_log = structlog.get_logger(__name__)


@app.command(hidden=True)
def engine() -> None:
    """Serve calls until SIGTERM; SIGHUP reads the configuration again."""
    configure()
    try:
        uvloop.run(_engine(Settings.from_environment()))
    except (SettingsError, Problems, KeyFault, DatabaseError, PortTaken, OSError) as error:
        raise Refusal(words_of(error)) from None
    except BaseExceptionGroup as group:
        typer.echo(f"ivr: the engine failed: {group.exceptions[0]!r}", err=True)
        raise


async def _engine(settings: Settings) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    reloads: set[asyncio.Task[object]] = set()
    made = Engine(settings)

    def reload() -> None:
        task: asyncio.Task[object] = asyncio.ensure_future(made.live.reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    loop.add_signal_handler(signal.SIGHUP, reload)
    async with made.running():
        await stop.wait()
        _log.info("stopping: calls in progress stay on the line")
