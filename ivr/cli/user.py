"""``ivr user``: people who sign in at the pages. Works on the database itself, so one can be made before a start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from ivr.cli import Refusal, app
from ivr.cli.invocation import ivr_command
from ivr.cli.language import spoken
from ivr.cli.listing import Format, FormatOption, console, print_json
from ivr.cli.opened import opened
from ivr.cli.password import password_from
from ivr.messages import Message, words_of
from ivr.tickets.audit import Audit
from ivr.tickets.database import Database
from ivr.tickets.operators import OperatorRefused, checked_id, checked_name
from ivr.tickets.tokens import ROLES
from ivr.tickets.users import User, UserRefused, Users

T = TypeVar("T")

users = typer.Typer(no_args_is_help=True, help="People who sign in at the pages.")
app.add_typer(users, name="user")

Id = Annotated[str, typer.Argument(metavar="ID", help="who signs in; for an operator their id")]
RoleOption = Annotated[str, typer.Option("--role", help=f"one of {', '.join(ROLES)}")]
Stdin = Annotated[bool, typer.Option("--password-stdin", help="read the password from stdin")]

_BY = "command line"


@users.command()
def add(
    id: Id,
    role: RoleOption,
    name: Annotated[str, typer.Option(help="name as colleagues know it")],
    password_stdin: Stdin = False,
) -> None:
    """Add somebody who signs in."""
    try:
        id, name = checked_id(id), checked_name(name)
    except OperatorRefused as error:
        raise Refusal(words_of(error)) from None
    if role not in ROLES:
        raise Refusal(Message("role-unknown", role=repr(role), roles=tuple(ROLES)))
    password = password_from(stdin=password_stdin)
    _done(lambda users: users.add(id, name, role, password), "user-added", id, new=True)
    typer.echo(Message("user-is-added", id=id, role=role).told(spoken()))


@users.command("list")
def list_(form: FormatOption = Format.TABLE) -> None:
    """List who can sign in."""
    listed = asyncio.run(_list())
    if form is Format.JSON:
        print_json([_view(user) for user in listed])
        return
    if not listed:
        typer.echo(Message("users-none", ivr=ivr_command()).told(spoken()))
        return
    table = Table(*(Message(key).told(spoken()) for key in ("user-id", "user-name", "user-role", "user-created")))
    for user in listed:
        table.add_row(*_view(user).values())
    console.print(table)


@users.command()
def password(id: Id, password_stdin: Stdin = False) -> None:
    """Give somebody another password; they are signed out everywhere."""
    given = password_from(stdin=password_stdin)
    _done(lambda users: users.change(id, password=given), "password-changed", id)
    typer.echo(Message("user-is-changed", id=id).told(spoken()))


@users.command()
def role(id: Id, role: RoleOption) -> None:
    """Give somebody another role; they are signed out everywhere."""
    _done(lambda users: users.change(id, role=role), f"role-changed to {role}", id)
    typer.echo(Message("user-is-changed", id=id).told(spoken()))


@users.command()
def remove(id: Id) -> None:
    """Let somebody sign in no more; they are signed out everywhere."""
    _done(lambda users: users.remove(id), "user-removed", id)
    typer.echo(Message("user-is-removed", id=id).told(spoken()))


def _done(work: Callable[[Users], Awaitable[T]], what: str, about: str, *, new: bool = False) -> None:
    """Do it and remember that it was done. Raises Refusal."""
    asyncio.run(_do(work, what, about, new=new))


async def _do(work: Callable[[Users], Awaitable[T]], what: str, about: str, *, new: bool) -> None:
    async with opened(new=new) as database:
        await _refused_in_words(work, database)
        await Audit(database).add(_BY, what, about)


async def _refused_in_words(work: Callable[[Users], Awaitable[T]], database: Database) -> None:
    try:
        await work(Users(database))
    except UserRefused as error:
        raise Refusal(words_of(error)) from None


async def _list() -> list[User]:
    async with opened() as database:
        return await Users(database).list()


def _view(user: User) -> dict[str, str]:
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "created": user.created.isoformat(timespec="seconds"),
    }
