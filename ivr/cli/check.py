"""``ivr check``: is the configuration fit to go live."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from ivr.cli import Refusal, app
from ivr.flow.annotations import annotation
from ivr.flow.checks import examine
from ivr.flow.problem import Problem
from ivr.flow.sarif import sarif
from ivr.flow.service import PROMPTS, Service
from ivr.prompts.catalogue import Catalogue
from ivr.settings import Settings, SettingsError

CANNOT_RUN = 2
"""Exit status when nothing could be checked; 0: sound, 1: errors."""


class Format(StrEnum):
    """How problems are printed: for people, for programs, for code hosts and editors, for GitHub's workflows."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@app.command()
def check(format: Annotated[Format, typer.Option(help="How to print what is wrong.")] = Format.TEXT) -> None:
    """Check regions.yaml, queues.yaml, dialplans/ and the prompts: each fault with its file, line and mend.

    Exit status: 0 fit to go live, 1 there are errors, 2 nothing could be checked.
    """
    try:
        settings = Settings.from_environment()
        if not settings.config.is_dir():
            raise Refusal(f"there is no folder {settings.config}: set IVR_CONFIG to the configuration's", CANNOT_RUN)
        service, problems = examine(settings.config)
        faults = [*problems, *_prompt_faults(settings)]
    except (SettingsError, OSError) as error:
        raise Refusal(str(error), CANNOT_RUN) from None
    sound = service is not None and all(fault.severity != "error" for fault in faults)
    typer.echo(_PRINTED[format](service, faults, settings))
    raise typer.Exit(0 if sound else 1)


def _prompt_faults(settings: Settings) -> list[Problem]:
    """What is wrong with prompts' files themselves, each at its file's first line."""
    _, told = Catalogue.readable(settings.config / PROMPTS, settings.state / "prompts")
    return [_prompt_fault(line, settings) for line in told]


def _prompt_fault(line: str, settings: Settings) -> Problem:
    place, _, words = line.partition(": ")
    reason, _, mend = words.partition("; ")
    file = os.path.relpath(place, settings.config)
    return Problem(file, 1, 1, "", reason, mend or "write the text anew")


def _from_here(faults: Sequence[Problem], settings: Settings) -> list[Problem]:
    """The same, their files as named from the working folder: a repository's root in a workflow."""
    return [replace(fault, file=os.path.relpath(settings.config / fault.file)) for fault in faults]


def _text(service: Service | None, faults: Sequence[Problem], _: Settings) -> str:
    return "\n".join([*map(str, faults), _summary(service, faults)])


def _json(_: Service | None, faults: Sequence[Problem], __: Settings) -> str:
    return json.dumps([fault.as_dict() for fault in faults], ensure_ascii=False, indent=2)


def _sarif(service: Service | None, faults: Sequence[Problem], settings: Settings) -> str:
    sound = service is not None and all(fault.severity != "error" for fault in faults)
    return json.dumps(sarif(_from_here(faults, settings), sound=sound), ensure_ascii=False, indent=2)


def _github(service: Service | None, faults: Sequence[Problem], settings: Settings) -> str:
    return "\n".join([*map(annotation, _from_here(faults, settings)), _summary(service, faults)])


_PRINTED: dict[Format, Callable[[Service | None, Sequence[Problem], Settings], str]] = {
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.SARIF: _sarif,
    Format.GITHUB: _github,
}


def _summary(service: Service | None, faults: Sequence[Problem]) -> str:
    errors = sum(fault.severity == "error" for fault in faults)
    counts = f"{errors} errors, {len(faults) - errors} warnings"
    if service is None or errors:
        return f"{counts}: this configuration does not go live"
    size = f"{len(service.lines)} lines, {len(service.flows)} flows, {len(service.queues)} queues"
    return f"{counts}: version {service.version} is fit to go live ({size})"
