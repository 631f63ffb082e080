"""``ivr call``: a call in the terminal, through the real flows and the real router, without Asterisk."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ivr.calllog.events import AnyEvent
from ivr.cli import Refusal, app
from ivr.cli.faults import has_errors
from ivr.cli.language import say, spoken
from ivr.flow.checks import examine
from ivr.flow.problem import Problems
from ivr.flow.service import PROMPTS, Route, Service
from ivr.flow.target import Place
from ivr.flowtest.clock import VirtualLoop
from ivr.flowtest.example import Circumstances, Staff
from ivr.flowtest.recorder import Recorder, write_example
from ivr.flowtest.said import Named
from ivr.flowtest.staffing import read_staff
from ivr.flowtest.telling import edge, told
from ivr.flowtest.typed import Typed
from ivr.flowtest.world import TICKET, Traces, World
from ivr.messages import Message, Unfit
from ivr.nodes.tell_status import STATUSES
from ivr.prompts.catalogue import Catalogue, PromptError
from ivr.session import Session
from ivr.settings import Settings

ANYBODY = (Staff("operator"),)
"""Who answers where nobody is named: one operator who can do everything."""


@app.command()
def call(
    number: Annotated[str, typer.Argument(help="The number that is dialled, written as you like.")],
    *,
    caller: Annotated[str, typer.Option("--from", help="The caller's number; withheld by default.")] = "",
    at: Annotated[str | None, typer.Option(help="When, in the line's own time: '2026-11-24 10:00'.")] = None,
    language: Annotated[str | None, typer.Option(help="As if remembered for the caller: ru, en, tt.")] = None,
    operators: Annotated[
        str | None, typer.Option(help="Who is ready: 'anna technical=3 ru, boris ru en'; one who can all by default.")
    ] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="No operator answers in the queue.")] = False,
    keys: Annotated[
        str | None,
        typer.Option(help="Keys pressed; _ is silence, h hangs up, ! interrupts. Else you type."),
    ] = None,
    status: Annotated[str, typer.Option(help="Status of the request that may be asked for.")] = "in-progress",
    record: Annotated[Path | None, typer.Option(help="Add the call to this file of example calls (ivr test).")] = None,
) -> None:
    """Walk a call in the terminal, with typed keys. Tells what is said, each decision, and what came of it."""
    settings = Settings.from_environment()
    service, problems = examine(settings.config)
    if service is None:
        raise Refusal(has_errors(problems))
    if status not in STATUSES:
        raise Refusal(Message("call-status-unknown", status=status, known=tuple(STATUSES)))
    moment = _moment(service, number, at)
    route = service.route(number, moment.timestamp())
    if language is not None and language not in route.line.languages:
        raise Refusal(Message("call-language-unknown", language=language, known=route.line.languages))
    given = Circumstances(number, moment, caller, language, _staff(operators, nobody), {TICKET: status})
    _introduce(service, route, given, typing=keys is None)
    typed = Typed(say, _typed, given=keys)
    if record is None:
        _walk(service, _prompts(settings), given, typed)
    else:
        _recorded(service, _prompts(settings), given, typed, record)


def _moment(service: Service, number: str, at: str | None) -> datetime:
    """``at`` in the time of the line that the number leads to; now by default."""
    zone = service.route(number, 0.0).line.zone
    try:
        moment = datetime.fromisoformat(at) if at is not None else datetime.now(UTC).astimezone(zone)
    except ValueError:
        raise Refusal(Message("call-moment-unread", written=str(at))) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _staff(operators: str | None, nobody: bool) -> tuple[Staff, ...]:
    if nobody:
        return ()
    try:
        return ANYBODY if operators is None else read_staff(operators)
    except Unfit as error:
        raise Refusal(Message("call-operators-unread", reason=error.reason, mend=error.mend)) from None


def _prompts(settings: Settings) -> Named:
    try:
        return Named(Catalogue.load(settings.config / PROMPTS, settings.state / "prompts"))
    except PromptError as error:
        raise Refusal(error.message) from None


def _introduce(service: Service, route: Route, given: Circumstances, *, typing: bool) -> None:
    called = {"number": route.called or given.dials, "line": route.line.name, "flow": route.flow}
    say(Message("call-begins", **called, version=service.version))
    staff: str = ", ".join(staff.name for staff in given.staff)
    say(Message("call-circumstances", at=f"{given.at:%Y-%m-%d %H:%M}", staff=staff or Message("call-nobody")))
    if typing:
        say(Message("call-typing"))
    say(Message("call-request", number=TICKET, status=", ".join(given.requests.values())))


def _walk(service: Service, prompts: Named, given: Circumstances, caller: Typed | Recorder) -> Traces:
    async def walked() -> Traces:
        def tell(event: AnyEvent) -> None:
            for line in told(event, world.traces.request):
                say(line)

        world = World(Session(service, _took), prompts, given, caller, told=tell)
        return await world.walk()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(walked())


def _recorded(service: Service, prompts: Named, given: Circumstances, typed: Typed, file: Path) -> None:
    """Walk it, and write it as an example of the flow that the file is called after, else of the line's."""
    say(Message("recording-holds-keys", file=str(file)))
    recorder = Recorder(typed)
    traces = _walk(service, prompts, given, recorder)
    flow = service.route(given.dials, given.at.timestamp()).flow
    try:
        name = write_example(file, file.stem if file.stem in service.flows else flow, given, recorder, traces)
    except Problems as error:
        raise Refusal(Message("call-not-recorded", why=error.told(spoken()))) from None
    except OSError as error:
        raise Refusal(Message("call-not-recorded", why=str(error))) from None
    say(Message("call-recorded", file=str(file), name=name))


def _took(place: Place, outcome: str, there: Place | None) -> None:
    say(edge(place, outcome, there))


def _typed() -> str | None:
    try:
        return input("> ")
    except EOFError:
        return None
