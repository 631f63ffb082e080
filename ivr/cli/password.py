"""How a command gets a password: hidden at a terminal, or from standard input; never from an argument."""

from __future__ import annotations

import sys

import typer

from ivr.cli import Refusal

LEAST, MOST = 8, 128


def password_from(*, stdin: bool) -> str:
    """The password. Raises Refusal."""
    if stdin:
        password = sys.stdin.readline(MOST + 3).rstrip("\r\n")
    elif sys.stdin.isatty():
        password = typer.prompt(
            f"Password for the phone (at least {LEAST} characters)", hide_input=True, confirmation_prompt=True
        )
    else:
        raise Refusal("there is no terminal to ask for the password: give --password-stdin and the password on stdin")
    if not LEAST <= len(password) <= MOST or not (password.isascii() and password.isprintable()):
        raise Refusal(f"the password needs {LEAST} to {MOST} characters that every phone knows: Latin, digits, signs")
    return str(password)
