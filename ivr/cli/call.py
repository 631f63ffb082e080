"""``ivr call``: a call in the terminal, through the real flows, without Asterisk."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import msgspec
import typer

from ivr.call import Call, RequestStatus
from ivr.calllog.events import AnyEvent, Identified, LanguageChosen, Started
from ivr.calllog.state import CallState
from ivr.cli import Refusal, app
from ivr.flow.checks import examine
from ivr.flow.service import PROMPTS, Route
from ivr.identifiers.registry import identifiers
from ivr.identifiers.ticket_number import check_digit
from ivr.prompts.catalogue import Catalogue, PromptError
from ivr.session import Session
from ivr.settings import Settings
from ivr.terminal import Terminal

TICKET = int("1000000" + check_digit("1000000"))


@app.command()
def call(
    number: Annotated[str, typer.Argument(help="The number that is dialled, written as you like.")],
    language: Annotated[str | None, typer.Option(help="As if remembered for the caller: ru, en, tt.")] = None,
    keys: Annotated[str | None, typer.Option(help="Keys pressed; _ is silence, h hangs up. Else you type.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="No operator answers in the queue.")] = False,
    status: Annotated[str, typer.Option(help="Status of the request that may be asked for.")] = "in-progress",
) -> None:
    """Walk a call in the terminal: what is said, what is asked of the queue, and the events at its end."""
    settings = Settings.from_environment()
    service, problems = examine(settings.config)
    if service is None:
        raise Refusal("\n".join(["the configuration has errors (ivr check):", *map(str, problems)]))
    route = service.route(number, time.time())
    if language is not None and language not in route.line.languages:
        raise Refusal(f"--language {language}: this line speaks {', '.join(route.line.languages)}")
    typer.echo(f"{route.called or number}: line {route.line.name}, flow {route.flow}, version {service.version}")
    if keys is None:
        typer.echo("Type keys and Enter; Enter alone is silence, h hangs up.")
    typer.echo(f"A request that exists here: {TICKET} ({status}).")
    journal = _Journal()
    terminal = Terminal(typer.echo, _typed, scripted=keys, operators=not nobody)
    with TemporaryDirectory() as folder:
        world = Call(
            state=CallState("terminal"),
            channel=terminal,
            prompts=_prompts(settings),
            journal=journal,
            requests=_Requests(status),
            vault=_Vault(),
            languages=_Languages(),
            now=time.time,
            offered_languages=route.line.languages,
            messages=Path(folder),
        )
        _begin(world, route, language)
        asyncio.run(Session(service).run(world))
    typer.echo("\nEvents:")
    for event in journal.events:
        typer.echo("  " + _told(event))


@dataclass(slots=True)
class _Journal:
    events: list[AnyEvent] = field(default_factory=list)

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        self.events.append(event)


@dataclass(frozen=True, slots=True)
class _Requests:
    """One request that exists."""

    key: str

    async def status(self, number: int) -> RequestStatus | None:
        today = datetime.now(UTC).date()
        known = RequestStatus(number, self.key, today - timedelta(days=2), today + timedelta(days=5))
        return known if number == TICKET else None


class _Vault:
    """Masks, and keeps nothing."""

    def seal(self, kind: str, value: str) -> Identified:
        return Identified(at=time.time(), kind=kind, masked=identifiers()[kind].mask(value), sealed="", digest="")


class _Languages:
    def remember(self, caller: str, language: str) -> None:
        """Nothing is remembered of a call in the terminal."""


def _prompts(settings: Settings) -> Catalogue:
    try:
        return Catalogue.load(settings.config / PROMPTS, settings.state / "prompts")
    except PromptError as error:
        raise Refusal(str(error)) from None


def _begin(call: Call, route: Route, language: str | None) -> None:
    at, line = time.time(), route.line
    called, first = route.called, line.languages[0]
    call.log(
        Started(
            at=at,
            ticket=TICKET,
            called=called,
            caller="",
            line=line.name,
            region=line.region,
            language=first,
            flow=route.flow,
        )
    )
    if language is not None:
        call.log(LanguageChosen(at=at, language=language))


def _typed() -> str | None:
    try:
        return input("> ")
    except EOFError:
        return None


def _told(event: AnyEvent) -> str:
    told = msgspec.to_builtins(event)
    kind = told.pop("type")
    told.pop("at")
    return " ".join([kind, *(f"{name}={value}" for name, value in told.items() if value != "")])
