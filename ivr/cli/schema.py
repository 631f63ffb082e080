"""``ivr schema``: what an editor needs to complete and check the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ivr.cli import Refusal, app
from ivr.cli.listing import print_json
from ivr.flow.problem import did_you_mean
from ivr.messages import Message
from ivr.reference.kinds import KINDS
from ivr.reference.schema import FOLDER, file_name
from ivr.reference.schema import schema as schema_of
from ivr.settings import Settings


@app.command()
def schema(
    kind: Annotated[str | None, typer.Argument(help=f"Of which kind of file: {', '.join(KINDS)}.")] = None,
    write: Annotated[bool, typer.Option("--write", help=f"Write all of them to {FOLDER}/ beside the files.")] = False,
) -> None:
    """Print or write the files' JSON Schemas. An editor completes and checks with them."""
    if write:
        folder = Settings.from_environment().config / FOLDER
        for name in KINDS:
            typer.echo(_written(folder / file_name(name), name))
    elif kind not in KINDS:
        raise Refusal(Message("no-kind-of-file", kind=kind or "", mend=did_you_mean(kind or "", KINDS)))
    else:
        print_json(schema_of(kind))


def _written(path: Path, kind: str) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(schema_of(kind), ensure_ascii=False, indent=2) + "\n", "utf-8")
    return str(path)
