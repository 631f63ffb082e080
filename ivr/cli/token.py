"""``ivr token``: tokens for the API. Works on the database itself, so one can be made before the first start."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from ivr.cli import Refusal, app
from ivr.cli.language import say
from ivr.cli.listing import Format, FormatOption, headings, print_json, print_table
from ivr.cli.opened import opened
from ivr.messages import Message, words_of
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
    if not listed:
        say(Message("tokens-none"))
        return
    rows = [[str(value or "") for value in _view(token).values()] for token in listed]
    print_table(headings("id", "role", "label", "created", "revoked"), rows, expendable=("created",))


@tokens.command()
def revoke(token: Annotated[int, typer.Argument(metavar="ID", help="as `ivr token list` shows it")]) -> None:
    """Make a token worthless."""
    if not asyncio.run(_revoke(token)):
        raise Refusal(Message("token-unknown", id=token))
    say(Message("token-revoked", id=token))


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
