"""The verdicts on example calls, for people and for programs that read JUnit's XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ivr.flowtest.runner import Verdict
from ivr.flowtest.script import Failure

_WIDTH = 48


def as_text(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A line for each failing call with what was expected and what came side by side, and a summary."""
    for verdict in verdicts:
        if verdict.failures:
            yield f"FAILED {verdict.example.flow}: {verdict.example.name}"
            for failure in verdict.failures:
                yield from _beside(failure)
    failed = sum(bool(verdict.failures) for verdict in verdicts)
    yield f"{len(verdicts)} example calls, {failed} failed"


def _beside(failure: Failure) -> Iterator[str]:
    yield f"  {failure.spot}"
    yield f"    {'expected':{_WIDTH}}  actual"
    yield f"    {failure.expected:{_WIDTH}}  {failure.actual}"


def as_junit(verdicts: Sequence[Verdict]) -> str:
    """One test suite a flow; ``time`` is the call's own."""
    root = Element("testsuites", tests=str(len(verdicts)), failures=_failed(verdicts))
    for flow, group in groupby(verdicts, key=lambda verdict: verdict.example.flow):
        suite = list(group)
        element = SubElement(root, "testsuite", name=flow, tests=str(len(suite)), failures=_failed(suite))
        for verdict in suite:
            _case(element, verdict)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True)


def _case(suite: Element, verdict: Verdict) -> None:
    example = verdict.example
    case = SubElement(
        suite,
        "testcase",
        classname=example.flow,
        name=example.name,
        file=example.spot.file,
        line=str(example.spot.line),
        time=f"{verdict.seconds:.3f}",
    )
    for failure in verdict.failures:
        told = SubElement(case, "failure", message=f"expected {failure.expected}; actual {failure.actual}")
        told.text = "\n".join(_beside(failure))


def _failed(verdicts: Sequence[Verdict]) -> str:
    return str(sum(bool(verdict.failures) for verdict in verdicts))
