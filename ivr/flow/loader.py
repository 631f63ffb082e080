"""YAML as a person means it: plain words with their places, and a refusal, with the mend, of what surprises.

Every scalar stays the text that was written (``no``, ``12:30`` and ``011223`` are twisted by nobody); the models say
what is a number. Anchors, aliases, merge keys, tags and duplicate keys are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ivr.flow.problem import Problem, Problems

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_TEXT = 60

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file to a value."""

Place = tuple[int, int, str]
"""Line and column, both from 1, and the text that stands there."""


@dataclass(slots=True)
class Source:
    """One file: its plain data (dict, list, str, None) and where each key and value stands."""

    file: str
    raw: bytes = field(default=b"", repr=False)
    data: dict[str, Any] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: Path, reason: str, mend: str, *, key: bool = False, severity: str = "error") -> Problem:
        """A problem at ``path``, or at the nearest place above it that the file has; ``key``: at the key itself."""
        while path:
            place = (self.keys if key else self.values).get(path) or self.keys.get(path) or self.values.get(path)
            if place:
                return Problem(self.file, *place, reason, mend, severity)
            path = path[:-1]
        return Problem(self.file, 1, 1, "", reason, mend, severity)


@lru_cache(maxsize=512)
def parse(raw: bytes, file: str) -> Source:
    """The file's data with its places; the same object for the same bytes, so that a reload parses only what changed.

    Raises Problems, with every fault found, when it cannot be used.
    """
    source = Source(file, raw)
    text = _decode(raw, file)
    try:
        _Builder(source).build(iter(YAML(pure=True).parse(text)))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = f"this is not YAML: {error.problem or error.context or 'it cannot be read'}"
        raise Problems([*source.problems, Problem(file, line, column, _line(text, line), reason, _MEND)]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        reason = f"this is not YAML: {str(error).splitlines()[0] if str(error) else 'it cannot be read'}"
        raise Problems([*source.problems, Problem(file, 1, 1, "", reason, _MEND)]) from None
    if source.problems:
        raise Problems(source.problems)
    return source


_MEND = "check the indentation, the brackets and the quotes here and in the line above"


def _decode(raw: bytes, file: str) -> str:
    if len(raw) > MAX_BYTES:
        reason = f"the file has {len(raw) // 1024} KB; the most is {MAX_BYTES // 1024} KB"
        raise Problems([Problem(file, 1, 1, "", reason, "split it into several flows")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        problem = Problem(file, line, column, repr(raw[error.start : error.end]), "not UTF-8", "save the file as UTF-8")
        raise Problems([problem]) from None


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip()[:MAX_TEXT] if 0 < number <= len(lines) else ""


class _Builder:
    """Builds plain data out of the parser's events, so that no alias is ever followed and no depth recursed into."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def build(self, events: Iterator[Any]) -> None:
        documents = 0
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    self.refuse(event, "a second document begins here", "keep one document in a file: take out '---'")
                    return
            elif kind == "MappingStartEvent":
                self.check(event)
                self.source.data = self.mapping(events, ())
            elif kind not in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                self.refuse(event, "the file must be a list of 'key: value'", "begin it with a key, say 'flow: main'")
                return
        if not documents:
            self.source.problems.append(
                Problem(self.source.file, 1, 1, "", "the file is empty", "write it, or take it out")
            )

    def mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self.key(event, events)
            place = (*path, key)
            if key in result:
                first = self.source.keys[place][0]
                self.refuse(event, f"this key is written twice; first in line {first}", "keep one of the two")
            else:
                self.source.keys[place] = _place(event)
            value = self.value(next(events), events, place)
            result.setdefault(key, value)
        return result

    def key(self, event: Any, events: Iterator[Any]) -> str:
        self.check(event)
        if type(event).__name__ != "ScalarEvent":
            self.refuse(event, "a key must be one word", "put the value in quotes if it contains brackets")
            self.value(event, events, ("?",))
            return "?"
        if event.value == "<<" and event.style is None:
            self.refuse(event, "merge keys ('<<') are not used here", "write the keys out")
        return str(event.value)

    def value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self.check(event)
        kind = type(event).__name__
        if kind == "ScalarEvent":
            return self.scalar(event, path)
        self.source.values[path] = _place(event)
        if kind == "AliasEvent":
            return None
        if len(path) >= MAX_DEPTH:
            self.refuse(event, f"nested more than {MAX_DEPTH} deep", "write it flatter")
            raise Problems(self.source.problems)
        return self.mapping(events, path) if kind == "MappingStartEvent" else self.sequence(events, path)

    def scalar(self, event: Any, path: Path) -> str | None:
        empty = event.style is None and event.value in ("", "~", "null")
        self.source.values[path] = self.source.keys[path] if empty and path in self.source.keys else _place(event)
        return None if empty else str(event.value)

    def sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        result: list[Any] = []
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            result.append(self.value(event, events, (*path, len(result))))
        return result

    def check(self, event: Any) -> None:
        if type(event).__name__ == "AliasEvent":
            self.refuse(event, "aliases ('*name') are not used here", "write the value out, or quote it")
        elif event.anchor:
            self.refuse(event, "anchors ('&name') are not used here", "take it out, or quote the value")
        if getattr(event, "ctag", None) is not None:
            self.refuse(event, "tags ('!name') are not used here", "take it out, or quote the value")

    def refuse(self, event: Any, reason: str, mend: str) -> None:
        line, column, text = _place(event)
        self.source.problems.append(Problem(self.source.file, line, column, text, reason, mend))


def _place(event: Any) -> Place:
    mark = event.start_mark
    text = getattr(event, "value", None)
    if text is None:
        anchor = getattr(event, "anchor", None)
        text = f"*{anchor}" if type(event).__name__ == "AliasEvent" else ""
    return mark.line + 1, mark.column + 1, str(text)[:MAX_TEXT]
