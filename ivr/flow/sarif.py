"""Problems as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from ivr.flow.problem import Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(problems: Iterable[Problem], language: str, *, sound: bool) -> dict[str, Any]:
    """One run of ``ivr check``, told in ``language``.

    Files are URIs as relative as the problems have them; columns count characters.
    """
    problems = tuple(problems)
    rules = sorted({problem.rule for problem in problems})
    driver = {"name": "ivr check", "rules": [{"id": name} for name in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": 0 if sound else 1}],
        "results": [_result(problem, language) for problem in problems],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(problem: Problem, language: str) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": problem.line, "startColumn": problem.column}
    if problem.text:
        region["snippet"] = {"text": problem.text}
    place = {"artifactLocation": {"uri": quote(problem.file)}, "region": region}
    return {
        "ruleId": problem.rule,
        "level": "error" if problem.severity == "error" else "warning",
        "message": {"text": problem.message.told(language)},
        "locations": [{"physicalLocation": place}],
    }
