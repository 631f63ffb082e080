"""What listings share: a table for people, or JSON for programs."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console


class Format(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="table for people, json for programs")]

console = Console(markup=False, highlight=False, emoji=False, soft_wrap=False)
"""Prints tables. Nothing in a caller's data is taken for markup."""


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
