"""``ivr token``: tokens for the API. Works on the database itself, so one can be made before the first start."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from ivr.cli import Refusal, app
from ivr.cli.listing import Format, FormatOption, console, print_json
from ivr.cli.opened import opened
from ivr.messages import words_of
from ivr.tickets.tokens import ROLES, RoleUnknown, Token, Tokens

tokens = typer.Typer(no_args_is_help=True, help="Make, list and revoke tokens for the API.")
app.add_typer(tokens, name="token")


@tokens.command()
def create(
    role: Annotated[str, typer.Option(help=f"one of {', '.join(ROLES)}")],
    label: Annotated[str, typer.Option(help="what or whom it is for")] = "",
) -> None:
    """Make a token and print it, this once."""
    typer.echo(asyncio.run(_create(role, label)))


@tokens.command("list")
def list_(form: FormatOption = Format.TABLE) -> None:
    """List tokens, the newest first; their secrets are stored nowhere."""
    listed = asyncio.run(_list())
    if form is Format.JSON:
        print_json([_view(token) for token in listed])
        return
    table = Table("id", "role", "label", "created", "revoked")
    for token in listed:
        table.add_row(*(str(value or "") for value in _view(token).values()))
    console.print(table if listed else "no tokens: make one with `ivr token create --role ROLE`")


@tokens.command()
def revoke(token: Annotated[int, typer.Argument(metavar="ID", help="as `ivr token list` shows it")]) -> None:
    """Make a token worthless."""
    if not asyncio.run(_revoke(token)):
        raise Refusal(f"there is no valid token {token}: see `ivr token list`")
    typer.echo(f"token {token} is revoked")


async def _create(role: str, label: str) -> str:
    async with opened(new=True) as database:
        try:
            return await Tokens(database).create(role, label)
        except RoleUnknown as error:
            raise Refusal(words_of(error)) from None


async def _list() -> list[Token]:
    async with opened() as database:
        return await Tokens(database).list()


async def _revoke(token: int) -> bool:
    async with opened() as database:
        return await Tokens(database).revoke(token)


def _view(token: Token) -> dict[str, object]:
    return {
        "id": token.id,
        "role": token.role,
        "label": token.label,
        "created": token.created.isoformat(timespec="seconds"),
        "revoked": token.revoked and token.revoked.isoformat(timespec="seconds"),
    }
