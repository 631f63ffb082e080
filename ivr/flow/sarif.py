"""Problems as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from ivr.flow.problem import Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_OWN_WORDS = re.compile(r"'[^']*'|\"[^\"]*\"|\([^)]*\)|[^a-z ]+")


def sarif(problems: Iterable[Problem], *, sound: bool) -> dict[str, Any]:
    """One run of ``ivr check``. Files are URIs as relative as the problems have them; columns count characters."""
    problems = tuple(problems)
    rules = sorted({rule(problem) for problem in problems})
    driver = {"name": "ivr check", "rules": [{"id": name} for name in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": 0 if sound else 1}],
        "results": [_result(problem) for problem in problems],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def rule(problem: Problem) -> str:
    """What kind of problem it is: its reason's own words, without what it cites: ``there-is-no-such-node``."""
    words = _OWN_WORDS.sub(" ", problem.reason.lower()).split()
    return "-".join(words[:8]) or "configuration"


def _result(problem: Problem) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": problem.line, "startColumn": problem.column}
    if problem.text:
        region["snippet"] = {"text": problem.text}
    place = {"artifactLocation": {"uri": quote(problem.file)}, "region": region}
    words = str(problem).partition(f"{problem.severity}: ")[2]
    return {
        "ruleId": rule(problem),
        "level": "error" if problem.severity == "error" else "warning",
        "message": {"text": words},
        "locations": [{"physicalLocation": place}],
    }
