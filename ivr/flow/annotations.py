"""Problems as GitHub's workflow commands, which it shows beside the lines of a change."""

from __future__ import annotations

from ivr.flow.problem import Problem
from ivr.messages import told

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
"""What GitHub's runner undoes: in a message, and in a property, where ``:`` and ``,`` end it."""


def annotation(problem: Problem, language: str) -> str:
    """One line: ``::error file=…,line=…,col=…,title=…::message``; the title ends with the rule in brackets."""
    kind = "error" if problem.severity == "error" else "warning"
    title = f"{told(problem.reason, language)} [{problem.rule}]"
    properties = {"file": problem.file, "line": problem.line, "col": problem.column, "title": title}
    named = ",".join(f"{name}={str(value).translate(_PROPERTY)}" for name, value in properties.items())
    return f"::{kind} {named}::{problem.message.told(language).translate(_DATA)}"
