"""Problems as GitHub's workflow commands, which it shows beside the lines of a change."""

from __future__ import annotations

from ivr.flow.problem import Problem

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
"""What GitHub's runner undoes: in a message, and in a property, where ``:`` and ``,`` end it."""


def annotation(problem: Problem) -> str:
    """One line: ``::error file=…,line=…,col=…,title=…::message``."""
    kind = "error" if problem.severity == "error" else "warning"
    properties = {"file": problem.file, "line": problem.line, "col": problem.column, "title": problem.reason}
    named = ",".join(f"{name}={str(value).translate(_PROPERTY)}" for name, value in properties.items())
    words = str(problem).partition(f"{problem.severity}: ")[2]
    return f"::{kind} {named}::{words.translate(_DATA)}"
