"""How a command gets a password: hidden at a terminal, or from standard input; never from an argument."""

from __future__ import annotations

import sys

import typer

from ivr.cli import Refusal
from ivr.cli.language import spoken
from ivr.messages import Message

LEAST, MOST = 8, 128


def password_from(*, stdin: bool) -> str:
    """The password. Raises Refusal."""
    if stdin:
        password = sys.stdin.readline(MOST + 3).rstrip("\r\n")
    elif sys.stdin.isatty():
        password = typer.prompt(
            Message("password-asked", least=LEAST).told(spoken()),
            hide_input=True,
            confirmation_prompt=Message("password-again").told(spoken()),
        )
    else:
        raise Refusal(Message("password-no-terminal"))
    if not LEAST <= len(password) <= MOST or not (password.isascii() and password.isprintable()):
        raise Refusal(Message("password-wrong", least=LEAST, most=MOST))
    return str(password)
