"""What listings share: a table for people, or JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from ivr.cli.language import spoken
from ivr.messages import Message, told


class Format(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="table for people, json for programs")]

PIPED_WIDTH = 240
"""Columns of text where there is no terminal: whoever reads it later wants all of it."""

console = Console(
    markup=False, highlight=False, emoji=False, soft_wrap=False, width=None if sys.stdout.isatty() else PIPED_WIDTH
)
"""Prints tables. Nothing in a caller's data is taken for markup."""


def headings(*names: str) -> tuple[str, ...]:
    """The headings of columns, as ``heading-NAME`` of messages.yaml words them: a blank in a name is a dash there."""
    return tuple(Message(f"heading-{name.replace(' ', '-')}") for name in names)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, expendable: Sequence[str] = ()) -> None:
    """A table in which no cell is cut: where the terminal is too narrow, ``expendable`` columns go, in this order."""
    shown = list(headings)
    for dropped in ("", *expendable):
        shown = [heading for heading in shown if heading != dropped]
        table = Table(*(Column(told(heading, spoken()), no_wrap=True) for heading in shown))
        for row in rows:
            table.add_row(*(cell for heading, cell in zip(headings, row, strict=True) if heading in shown))
        if console.measure(table).maximum <= console.width:
            break
    console.print(table)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
