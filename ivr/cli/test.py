"""``ivr test``: do the example calls go as they are written."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from ivr.cli import Refusal, app
from ivr.cli.call import call
from ivr.flow.checks import examine
from ivr.flow.problem import Problems
from ivr.flow.service import PROMPTS, Service
from ivr.flowtest.coverage import Coverage, edge_count
from ivr.flowtest.loading import FOLDER, load_examples
from ivr.flowtest.report import as_junit, as_text
from ivr.flowtest.runner import run_examples
from ivr.flowtest.said import Named
from ivr.garbage import seldom
from ivr.prompts.catalogue import Catalogue, PromptError
from ivr.settings import Settings

UNREADABLE = 2
"""The status when the files cannot be understood; 1 is a call that goes otherwise, or an edge that none takes."""


class Format(StrEnum):
    """How the verdicts are printed."""

    TEXT = "text"
    JUNIT = "junit"


@app.command()
def test(
    flows: Annotated[list[str] | None, typer.Argument(help="Only the example calls of these flows.")] = None,
    format: Annotated[Format, typer.Option(help="How to print what came of them.")] = Format.TEXT,
    coverage: Annotated[bool, typer.Option("--coverage", help="Tell every edge of a flow that no call takes.")] = False,
    record: Annotated[Path | None, typer.Option(help="Walk a call instead, and add it to this file.")] = None,
    dials: Annotated[str | None, typer.Option(help="The number for --record; `ivr call --record` has more.")] = None,
) -> None:
    """Run the example calls of dialplans/tests: status 0 when each goes as it is written."""
    if record is not None:
        if dials is None:
            raise Refusal("--record needs a number: add --dials 88005553535", UNREADABLE)
        call(dials, record=record)
        return
    _quiet()
    settings = Settings.from_environment()
    service, problems = examine(settings.config)
    if service is None:
        raise Refusal("\n".join(["the configuration has errors (ivr check):", *map(str, problems)]), UNREADABLE)
    try:
        examples = load_examples(settings.config, service, flows or ())
        prompts = Named(Catalogue.load(settings.config / PROMPTS, settings.state / "prompts"))
    except (Problems, PromptError) as error:
        raise Refusal(str(error), UNREADABLE) from None
    if not examples:
        raise Refusal(f"there are no example calls: write {FOLDER}/{(flows or ['main'])[0]}.yaml", UNREADABLE)
    seldom()
    taken = Coverage()
    verdicts = run_examples(service, prompts, examples, taken.took)
    typer.echo(as_junit(verdicts) if format is Format.JUNIT else "\n".join(as_text(verdicts)))
    whole = _tell_coverage(service, taken) if coverage else True
    raise typer.Exit(0 if whole and not any(verdict.failures for verdict in verdicts) else 1)


def _quiet() -> None:
    """Of the session's log only what it says of a node that failed, and that on stderr: the report stays whole."""

    def of_failures(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if event["event"] not in ("failed", "rescued"):
            raise structlog.DropEvent
        return event

    structlog.configure(
        [of_failures, structlog.processors.KeyValueRenderer(key_order=["event"])],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _tell_coverage(service: Service, taken: Coverage) -> bool:
    """Whether every edge was taken; what was not goes to stderr, so that a report stays one."""
    untaken = taken.untaken(service)
    for edge in untaken:
        typer.echo(str(edge), err=True)
    edges = edge_count(service)
    typer.echo(f"{edges - len(untaken)} of {edges} edges are taken by an example call", err=True)
    return not untaken
