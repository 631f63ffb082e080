"""The command ``ivr``: one command a file; a file in this package joins by being there."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from typing import NoReturn

import typer
from typer.exceptions import Abort, TyperException

from ivr.cli.help import explained
from ivr.cli.language import FirstLanguageOption, spoken
from ivr.cli.mistyped import mistyped
from ivr.messages import Message, preferred, told

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
"""Every module of this package adds its commands to this one."""


@app.callback()
def ivr(language: FirstLanguageOption = None) -> None:
    """Kommutator: a hotline that answers, understands and puts through."""


class Refusal(Exception):
    """What a command could not do, in words for the person who typed it: a Message; ends it with ``status``."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.message, self.status = message, status


def commands() -> None:
    """Let every command join by importing its module."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def main() -> None:
    """Run the command line. Expected failures are one line on stderr, never a traceback."""
    os.umask(0o077)  # whatever is written, recordings too, is for the hotline's own user
    commands()
    try:
        raise SystemExit(explained(app, preferred())(standalone_mode=False))
    except Refusal as refusal:
        _refuse(Message("refused", why=refusal.message), refusal.status)
    except TyperException as error:
        _refuse(mistyped(error), error.exit_code)
    except Abort:
        raise SystemExit(1) from None


def _refuse(words: str, status: int) -> NoReturn:
    print(told(words, spoken()), file=sys.stderr)  # noqa: T201
    raise SystemExit(status)
