"""A configuration that is too broken for a command, in that command's words."""

from __future__ import annotations

from collections.abc import Iterable

from ivr.cli.language import spoken
from ivr.flow.problem import Problem
from ivr.messages import Message


def has_errors(problems: Iterable[Problem]) -> Message:
    """That there are errors, each on a line."""
    return Message("configuration-has-errors", errors=tuple(problem.told(spoken()) for problem in problems))
