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
from ivr.cli.faults import has_errors
from ivr.cli.language import LanguageOption, say, spoken
from ivr.flow.checks import examine
from ivr.flow.problem import Problems
from ivr.flow.service import PROMPTS, Service
from ivr.flowtest.coverage import Coverage, edge_count
from ivr.flowtest.loading import FOLDER, load_examples
from ivr.flowtest.report import as_junit, as_text
from ivr.flowtest.runner import run_examples
from ivr.flowtest.said import Named
from ivr.messages import Message
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
    *,
    format: Annotated[Format, typer.Option(help="How to print what came of them.")] = Format.TEXT,
    coverage: Annotated[bool, typer.Option("--coverage", help="Tell every edge of a flow that no call takes.")] = False,
    record: Annotated[Path | None, typer.Option(help="Walk a call instead, and add it to this file.")] = None,
    dials: Annotated[str | None, typer.Option(help="The number for --record; `ivr call --record` has more.")] = None,
    language: LanguageOption = None,
) -> None:
    """Run the example calls of dialplans/tests. Ends with 0 when each goes as it is written."""
    if record is not None:
        if dials is None:
            raise Refusal(Message("record-needs-number"), UNREADABLE)
        call(dials, record=record)
        return
    _quiet()
    settings = Settings.from_environment()
    service, problems = examine(settings.config)
    if service is None:
        raise Refusal(has_errors(problems), UNREADABLE)
    try:
        examples = load_examples(settings.config, service, flows or ())
        prompts = Named(Catalogue.load(settings.config / PROMPTS, settings.state / "prompts"))
    except Problems as error:
        raise Refusal(error.told(spoken()), UNREADABLE) from None
    except PromptError as error:
        raise Refusal(error.message, UNREADABLE) from None
    if not examples:
        raise Refusal(Message("no-examples", file=f"{FOLDER}/{(flows or ['main'])[0]}.yaml"), UNREADABLE)
    taken = Coverage()
    verdicts = run_examples(service, prompts, examples, taken.took)
    junit = format is Format.JUNIT
    say(as_junit(verdicts, spoken()) if junit else "\n".join(as_text(verdicts, spoken())))
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
    say(Message("edges-taken", taken=edges - len(untaken), edges=edges), err=True)
    return not untaken
