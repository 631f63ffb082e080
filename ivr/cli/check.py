"""``ivr check``: is the configuration fit to go live."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from ivr.cli import app
from ivr.flow.checks import examine
from ivr.flow.problem import Problem
from ivr.flow.service import PROMPTS, Service
from ivr.prompts.catalogue import Catalogue, PromptError
from ivr.settings import Settings


class Format(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"


@app.command()
def check(format: Annotated[Format, typer.Option(help="How to print what is wrong.")] = Format.TEXT) -> None:
    """Check regions.yaml, queues.yaml, dialplans/ and the prompts: each fault with its file, line and mend."""
    settings = Settings.from_environment()
    service, problems = examine(settings.config)
    faults = [*problems, *_prompt_faults(settings)]
    sound = service is not None and all(fault.severity != "error" for fault in faults)
    if format is Format.JSON:
        typer.echo(json.dumps([fault.as_dict() for fault in faults], ensure_ascii=False, indent=2))
    else:
        for fault in faults:
            typer.echo(str(fault))
        typer.echo(_summary(service, faults))
    raise typer.Exit(0 if sound else 1)


def _prompt_faults(settings: Settings) -> list[Problem]:
    try:
        Catalogue.load(settings.config / PROMPTS, settings.state / "prompts")
    except PromptError as error:
        mend = "write the text anew"
        return [Problem(PROMPTS, 1, 1, "", line, mend) for line in str(error).splitlines() if line.strip()]
    return []


def _summary(service: Service | None, faults: list[Problem]) -> str:
    errors = sum(fault.severity == "error" for fault in faults)
    counts = f"{errors} errors, {len(faults) - errors} warnings"
    if service is None or errors:
        return f"{counts}: this configuration does not go live"
    size = f"{len(service.lines)} lines, {len(service.flows)} flows, {len(service.queues)} queues"
    return f"{counts}: version {service.version} is fit to go live ({size})"
