"""Examines a configuration in a process of its own, so that no call waits while Python parses, proves and tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ivr.flow.checks import examine
from ivr.flow.problem import Problem, Problems
from ivr.flow.service import PROMPTS, Service
from ivr.flowtest.loading import load_examples
from ivr.flowtest.runner import run_examples
from ivr.flowtest.said import Named
from ivr.flowtest.script import Failure
from ivr.golive.apart import Lost, apart
from ivr.golive.content import read_content
from ivr.messages import Message
from ivr.prompts.catalogue import Catalogue

SECONDS = 60.0
"""How long an examination may take, once it has a share of a core, before it is given up."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What came of it. ``service`` is None when it must not go live; ``content``: the files as they were read."""

    service: Service | None
    problems: tuple[Problem, ...]
    content: dict[str, bytes]


async def examined(folder: Path, voices: Path) -> Examination:
    """Read, check and test ``folder`` in another process. ``voices``: the folder of rendered prompts."""
    try:
        return await apart(partial(examine_here, folder, voices), SECONDS)
    except Lost as error:
        return _failed(error.message)


def _failed(why: Message) -> Examination:
    return Examination(None, (Problem(".", 1, 1, "", Message("check-failed", why=why), Message("see-the-log")),), {})


def examine_here(folder: Path, voices: Path) -> Examination:
    """As ``examined``, in this process, which it keeps busy."""
    try:
        content = read_content(folder)
    except OSError as error:
        return _failed(Message("file-unreadable", why=str(error)))
    service, problems = examine(folder)
    if service is None:
        return Examination(None, problems, content)
    content |= {name: source.raw for name, source in service.sources.items()}
    wrong = _untrue(folder, voices, service)
    return Examination(None if wrong else service, tuple(sorted((*problems, *wrong))), content)


def _untrue(folder: Path, voices: Path, service: Service) -> tuple[Problem, ...]:
    """The example calls that do not go as they are written."""
    try:
        examples = load_examples(folder, service)
    except Problems as error:
        return error.problems
    if not examples:
        return ()
    prompts, _ = Catalogue.readable(folder / PROMPTS, voices)
    return tuple(
        _otherwise(verdict.example.name, verdict.failures[0])
        for verdict in run_examples(service, Named(prompts), examples)
        if verdict.failures
    )


def _otherwise(example: str, failure: Failure) -> Problem:
    reason, mend = Message("example-goes-otherwise", example=example), Message("change-flow-or-example")
    return Problem(failure.spot.file, failure.spot.line, 1, failure.actual, reason, mend)
