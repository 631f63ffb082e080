"""``ivr run``: the hotline, set up and supervised in the foreground."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any

import aiohttp
import typer

from ivr.asterisk.alive import greets
from ivr.asterisk.configuration import clear, command
from ivr.asterisk.site import Site
from ivr.cli import Refusal, app
from ivr.cli.banner import banner
from ivr.cli.language import LanguageOption, say, spoken
from ivr.debian import ProvisionError
from ivr.desk.door import local_url
from ivr.flow.live import LiveService
from ivr.flow.problem import Problems
from ivr.golive.versions import Versions
from ivr.logs import configure
from ivr.messages import Message, words_of
from ivr.prompts.build import NoVoice
from ivr.prompts.catalogue import PromptError
from ivr.prompts.voices import SynthesisError
from ivr.settings import VARIABLES, Settings, SettingsError, unknown
from ivr.startup import StartError, alone, check_ports, prepare
from ivr.supervisor import Child, NeverWorked, Supervisor
from ivr.tickets.faults import DatabaseError
from ivr.tickets.keys import KeyFault

EXPECTED = (
    SettingsError, StartError, ProvisionError, Problems, PromptError, NoVoice, SynthesisError, KeyFault, DatabaseError,
    NeverWorked, OSError,
)  # fmt: skip
"""What can keep a hotline from starting; each says what to mend."""

READY_SECONDS = 60.0

_WIDTH = max(len(name) for name in VARIABLES)
_HELP = (
    "Start the hotline. Sets up what is missing, then keeps Asterisk and the engine running until Ctrl-C.\n\n"
    "\b\nEnvironment variables, with their defaults:\n"
    + "\n".join(f"  {name:<{_WIDTH}}  {default}: {what}" for name, (default, what) in VARIABLES.items())
)


@app.command(help=_HELP)
def run(language: LanguageOption = None) -> None:
    """Set up, start, supervise, stop."""
    began = time.monotonic()
    configure()
    try:
        settings = Settings.from_environment()
        for words in unknown():
            typer.echo(Message("warning", words=words).told(spoken()), err=True)
        with alone(settings):
            check_ports(settings)
            problem = LiveService(settings.config, Versions(settings.state, time.time).good()).problem
            if problem:
                typer.echo(Message("warning", words=problem).told(spoken()), err=True)
            site = prepare(settings, say)
            asyncio.run(_run(site, began))
    except Problems as error:
        raise Refusal(error.told(spoken())) from None
    except EXPECTED as error:
        raise Refusal(words_of(error)) from None
    except KeyboardInterrupt:
        raise Refusal(Message("run-interrupted"), 130) from None


async def _run(site: Site, began: float) -> None:
    url = local_url(site.settings.http_bind, site.settings.http_port)
    supervisor = Supervisor(_children(site, url))
    work = asyncio.ensure_future(supervisor.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, work.cancel)
    ready = asyncio.ensure_future(_tell_when_ready(site, supervisor, url, began))
    try:
        with suppress(asyncio.CancelledError):
            await work
        typer.echo("\n" + Message("run-stopped").told(spoken()))
    finally:
        ready.cancel()
        clear(site)


def _children(site: Site, url: str) -> list[Child]:
    async def answers() -> bool:
        return await _answer(f"{url}/healthz") is not None

    async def greets_us() -> bool:
        return await greets(site.settings.ami_port)

    engine = [sys.executable, "-m", "ivr", "engine"]
    log = site.log / "console.log"
    return [
        # Orphaned, it may still say goodbye to its callers (BYE): they would hold a dead line otherwise.
        Child("asterisk", command(site), os.environ, greets_us, output=log, orphaned="TERM"),
        Child("engine", engine, os.environ, answers),
    ]


async def _tell_when_ready(site: Site, supervisor: Supervisor, url: str, began: float) -> None:
    words = Message("run-not-ready", seconds=f"{READY_SECONDS:.0f}").told(spoken())
    impatience = asyncio.get_running_loop().call_later(READY_SECONDS, lambda: typer.echo(words, err=True))
    try:
        while (warnings := troubles(await _answer(f"{url}/readyz"))) is None:  # noqa: ASYNC110 (told by HTTP only)
            await asyncio.sleep(min(1.0, max(0.1, (time.monotonic() - began) / READY_SECONDS)))
    finally:
        impatience.cancel()
    supervisor.worked = True
    typer.echo(banner(site, time.monotonic() - began))
    for each in warnings:
        typer.echo(Message("run-served-but", trouble=each).told(spoken()), err=True)


def troubles(readiness: Any) -> list[str] | None:
    """What is wrong though calls are served, by the answer of /readyz; None when they are not.

    Only without Asterisk does nobody answer a caller: the engine does without its database, and without room on a disk.
    """
    if not isinstance(readiness, dict) or "checks" not in readiness:
        return None
    wrong = {check["name"]: check["words"] for check in readiness["checks"] if not check["ok"]}
    return None if "asterisk" in wrong else [f"{name}: {words}" for name, words in wrong.items()]


async def _answer(url: str) -> Any:
    """The JSON that is answered, whatever its HTTP status; None when nothing answers within two seconds."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session,
            session.get(url) as answer,
        ):
            return await answer.json()
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None
