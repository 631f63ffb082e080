"""``ivr operator``: who answers the calls. Works with the hotline running (through its API) and without."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ivr.cli import Refusal, app
from ivr.cli.hotline import asked_if_running, settings, stored
from ivr.cli.invocation import ivr_command
from ivr.cli.language import spoken
from ivr.cli.listing import Format, FormatOption, print_json
from ivr.cli.operator_output import phone_settings, print_operators
from ivr.cli.password import password_from
from ivr.desk.client import segment
from ivr.desk.fields import moment
from ivr.flow.problem import Problems
from ivr.flow.roster import Roster
from ivr.flow.service import Service, load
from ivr.messages import Message, words_of
from ivr.rostered import advice, refuse_skills, rostered
from ivr.tickets.database import Database
from ivr.tickets.operators import (
    OperatorRecord,
    OperatorRefused,
    Operators,
    checked_id,
    checked_name,
    checked_password,
    skills_of,
)

group = typer.Typer(no_args_is_help=True, help="Operators: who answers the calls.")
app.add_typer(group, name="operator")

Id = Annotated[str, typer.Argument(metavar="ID", help="short name, also the user of their phone, say anna")]

_PATH = "/api/v1/operators"


@group.command()
def add(
    id: Id,
    name: Annotated[str, typer.Option(help="name as colleagues know it")],
    skill: Annotated[list[str] | None, typer.Option(metavar="NAME=LEVEL", help="say technical=3; 1 to 5")] = None,
    language: Annotated[list[str] | None, typer.Option(metavar="CODE", help="ru, en, tt: may be repeated")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="read the password from stdin")] = False,
) -> None:
    """Add an operator, and print what to enter in their phone."""
    try:
        id, name = checked_id(id), checked_name(name)
        skills = skills_of(_skills(skill or []), language or [])
        password = checked_password(password_from(stdin=password_stdin))
    except OperatorRefused as error:
        raise Refusal(words_of(error)) from None
    body = {"id": id, "name": name, "skills": skills, "password": password}
    asked_if_running(
        lambda hotline: hotline.post(_PATH, body),
        lambda: _store(id, name, skills, password),
    )
    service = _service()
    for words in advice(skills, _spoken(service)) if service else ():
        typer.echo(Message("warning", words=words).told(spoken()), err=True)
    port = asked_if_running(lambda hotline: hotline.door.sip_port, lambda: settings().sip_port)
    typer.echo(phone_settings(settings(), port, id, spoken()))


@group.command("list")
def list_(form: FormatOption = Format.TABLE) -> None:
    """List the operators. State, reason, since when, and whether their phone is registered."""
    operators = asked_if_running(lambda hotline: hotline.get(_PATH)["operators"], lambda: stored(_saved))
    if form is Format.JSON:
        print_json(operators)
    elif operators:
        print_operators(operators)
    else:
        typer.echo(Message("operators-none", ivr=ivr_command()).told(spoken()))


@group.command()
def ready(id: Id) -> None:
    """Let an operator take calls."""
    answer = asked_if_running(
        lambda hotline: hotline.post(f"{_PATH}/{segment(id)}/ready"),
        lambda: _set_state(id, "ready", ""),
    )
    typer.echo(Message("operator-is-ready", id=id).told(spoken()))
    if answer and answer.get("phone_registered") is False:
        typer.echo(Message("operator-unreachable").told(spoken()))


@group.command("not-ready")
def not_ready(id: Id, reason: Annotated[str, typer.Option(help="say lunch")]) -> None:
    """Let an operator take no calls, after the one that is at them."""
    asked_if_running(
        lambda hotline: hotline.post(f"{_PATH}/{segment(id)}/not-ready", {"reason": reason}),
        lambda: _set_state(id, "not-ready", reason),
    )
    typer.echo(Message("operator-is-not-ready", id=id, reason=reason).told(spoken()))


@group.command()
def remove(id: Id) -> None:
    """Remove an operator, after the call that is at them. Tickets keep their id."""
    asked_if_running(
        lambda hotline: hotline.delete(f"{_PATH}/{segment(id)}"),
        lambda: stored(lambda database: _remove(database, id)),
    )
    typer.echo(Message("operator-is-removed", id=id).told(spoken()))


def _store(id: str, name: str, skills: dict[str, int], password: str) -> None:
    service = _service()
    try:
        refuse_skills(id, skills, (service and service.roster) or {}, service.skills if service else None)
    except OperatorRefused as error:
        raise Refusal(words_of(error)) from None
    stored(lambda database: _added(database, id, name, skills, password), new=True)


async def _added(database: Database, id: str, name: str, skills: dict[str, int], password: str) -> None:
    await Operators(database).add(id, name, skills, password)


def _service() -> Service | None:
    """What the files say, as far as they can be read; a hotline that runs knows itself what is live."""
    try:
        return load(settings().config)
    except Problems:
        return None


def _spoken(service: Service) -> set[str]:
    return {language for line in (*service.lines.values(), service.unknown) for language in line.languages}


def _skills(given: list[str]) -> dict[str, int]:
    skills = {}
    for each in given:
        name, _, level = each.partition("=")
        if not (level.isascii() and level.isdigit() and len(level) == 1):
            raise Refusal(Message("skill-unread", given=each))
        skills[name] = int(level)
    return skills


def _set_state(id: str, state: str, reason: str) -> None:
    stored(lambda database: Operators(database).set_state(id, state, reason))
    typer.echo(Message("holds-from-next-start").told(spoken()), err=True)


async def _saved(database: Database) -> list[dict[str, Any]]:
    typer.echo(Message("states-of-next-start").told(spoken()), err=True)
    service = _service()
    roster: Roster = (service and service.roster) or {}
    return [_as_sent(rostered(record, roster), roster) for record in await Operators(database).list()]


def _as_sent(record: OperatorRecord, roster: Roster) -> dict[str, Any]:
    """The record in the API's form."""
    return {
        "id": record.id,
        "name": record.name,
        "skills": record.skills,
        "state": record.state,
        "reason": record.reason,
        "since": moment(record.since).isoformat(),
        "phone_registered": None,
        "rostered": record.id in roster,
    }


async def _remove(database: Database, id: str) -> None:
    if not await Operators(database).remove(id):
        raise OperatorRefused(Message("operator-id-unknown", id=repr(id)))
