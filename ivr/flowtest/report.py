"""The verdicts on example calls, for people and for programs that read JUnit's XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ivr.flowtest.runner import Verdict
from ivr.flowtest.script import Failure
from ivr.messages import Message, told

_WIDTH = 48


def as_text(verdicts: Sequence[Verdict], language: str) -> Iterator[str]:
    """A line for each failing call with what was expected and what came side by side, and a summary."""
    for verdict in verdicts:
        if verdict.failures:
            call = {"flow": verdict.example.flow, "name": verdict.example.name}
            yield Message("example-failed", **call).told(language)
            for failure in verdict.failures:
                yield from _beside(failure, language)
    failed = sum(bool(verdict.failures) for verdict in verdicts)
    yield Message("examples-run", calls=len(verdicts), failed=failed).told(language)


def _beside(failure: Failure, language: str) -> Iterator[str]:
    yield f"  {failure.spot}"
    for left, right in ((Message("expected"), Message("actual")), (failure.expected, failure.actual)):
        yield f"    {told(left, language):{_WIDTH}}  {told(right, language)}"


def as_junit(verdicts: Sequence[Verdict], language: str) -> str:
    """One test suite a flow; ``time`` is the call's own."""
    root = Element("testsuites", tests=str(len(verdicts)), failures=_failed(verdicts))
    for flow, group in groupby(verdicts, key=lambda verdict: verdict.example.flow):
        suite = list(group)
        element = SubElement(root, "testsuite", name=flow, tests=str(len(suite)), failures=_failed(suite))
        for verdict in suite:
            _case(element, verdict, language)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True)


def _case(suite: Element, verdict: Verdict, language: str) -> None:
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
        message = Message("expected-and-actual", expected=failure.expected, actual=failure.actual)
        element = SubElement(case, "failure", message=message.told(language))
        element.text = "\n".join(_beside(failure, language))


def _failed(verdicts: Sequence[Verdict]) -> str:
    return str(sum(bool(verdict.failures) for verdict in verdicts))
