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
from ivr.cli.language import LanguageOption, spoken
from ivr.flow.annotations import annotation
from ivr.flow.checks import examine
from ivr.flow.problem import Problem
from ivr.flow.sarif import sarif
from ivr.flow.service import PROMPTS, Service
from ivr.messages import Message, words_of
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
def check(
    format: Annotated[Format, typer.Option(help="How to print what is wrong.")] = Format.TEXT,
    language: LanguageOption = None,
) -> None:
    """Check the configuration and the prompts. Each fault is told with its file, line and mend.

    Exit status: 0 fit to go live, 1 there are errors, 2 nothing could be checked.
    """
    try:
        settings = Settings.from_environment()
        if not settings.config.is_dir():
            raise Refusal(Message("check-no-folder", folder=str(settings.config)), CANNOT_RUN)
        service, problems = examine(settings.config)
        faults = [*problems, *_prompt_faults(settings)]
    except (SettingsError, OSError) as error:
        raise Refusal(words_of(error), CANNOT_RUN) from None
    sound = service is not None and all(fault.severity != "error" for fault in faults)
    typer.echo(_PRINTED[format](service, faults, settings))
    raise typer.Exit(0 if sound else 1)


def _prompt_faults(settings: Settings) -> list[Problem]:
    """What is wrong with prompts' files themselves, each at its file's first line."""
    _, told = Catalogue.readable(settings.config / PROMPTS, settings.state / "prompts")
    return [Problem(os.path.relpath(fault.path, settings.config), 1, 1, "", fault.reason, fault.mend) for fault in told]


def _from_here(faults: Sequence[Problem], settings: Settings) -> list[Problem]:
    """The same, their files as named from the working folder: a repository's root in a workflow."""
    return [replace(fault, file=os.path.relpath(settings.config / fault.file)) for fault in faults]


def _text(service: Service | None, faults: Sequence[Problem], _: Settings) -> str:
    return "\n".join([*(fault.told(spoken()) for fault in faults), _summary(service, faults)])


def _json(_: Service | None, faults: Sequence[Problem], __: Settings) -> str:
    return json.dumps([fault.as_dict(spoken()) for fault in faults], ensure_ascii=False, indent=2)


def _sarif(service: Service | None, faults: Sequence[Problem], settings: Settings) -> str:
    sound = service is not None and all(fault.severity != "error" for fault in faults)
    return json.dumps(sarif(_from_here(faults, settings), spoken(), sound=sound), ensure_ascii=False, indent=2)


def _github(service: Service | None, faults: Sequence[Problem], settings: Settings) -> str:
    told = [annotation(fault, spoken()) for fault in _from_here(faults, settings)]
    return "\n".join([*told, _summary(service, faults)])


_PRINTED: dict[Format, Callable[[Service | None, Sequence[Problem], Settings], str]] = {
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.SARIF: _sarif,
    Format.GITHUB: _github,
}


def _summary(service: Service | None, faults: Sequence[Problem]) -> str:
    errors = sum(fault.severity == "error" for fault in faults)
    counts = Message("check-counts", errors=errors, warnings=len(faults) - errors)
    if service is None or errors:
        return Message("check-unfit", counts=counts).told(spoken())
    size = Message("check-size", lines=len(service.lines), flows=len(service.flows), queues=len(service.queues))
    return Message("check-fit", counts=counts, version=service.version, size=size).told(spoken())
