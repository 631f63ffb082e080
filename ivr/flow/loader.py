"""YAML as a person means it: plain words with their places, and a refusal, with the mend, of what surprises.

Every scalar stays the text that was written (``no``, ``12:30`` and ``011223`` are twisted by nobody); the models say
what is a number. Anchors, aliases, merge keys, tags, directives and duplicate keys are refused. libyaml reads the text:
it is thirty times as fast as a parser in Python, its places are exact, and it follows no alias by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from ivr.flow.characters import UNSEEN, decode
from ivr.flow.problem import Problem, Problems
from ivr.flow.twisted import DATE, twisted
from ivr.messages import Message

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
    twisted: dict[Path, Message] = field(default_factory=dict)
    """Bare words that other programs would read as something else -> as what."""
    problems: list[Problem] = field(default_factory=list)

    def problem(
        self, path: Path, reason: Message, mend: Message, *, key: bool = False, severity: str = "error"
    ) -> Problem:
        """A problem at ``path``, or at the nearest place above it that the file has; ``key``: at the key itself."""
        while path:
            place = (self.keys if key else self.values).get(path) or self.keys.get(path) or self.values.get(path)
            if place:
                return Problem(self.file, *place, reason, mend, severity)
            path = path[:-1]
        return Problem(self.file, 1, 1, "", reason, mend, severity)


@lru_cache(maxsize=512)
def parse(raw: bytes, file: str, first: str = "key: value") -> Source:
    """The file's data with its places; the same object for the same bytes, so that a reload parses only what changed.

    ``first``: what such a file may begin with, told to whoever wrote something else than keys.
    Raises Problems, with every fault found, when it cannot be used.
    """
    text = decode(raw, file)
    source = Source(file, raw)
    try:
        _Builder(source, first).build(iter(yaml.parse(text, Loader=yaml.CBaseLoader)))
    except yaml.YAMLError as error:
        raise Problems([*source.problems, _not_yaml(error, file, text)]) from None
    if source.problems:
        raise Problems(source.problems)
    return source


_EXPLAINED = {
    "mapping values are not allowed": (Message("stray-colon"), Message("quote-or-indent")),
    "did not find expected key": (Message("line-fits-no-keys"), Message("indent-as-neighbours")),
    "could not find expected ':'": (Message("key-without-colon"), Message("write-key-value")),
    "cannot start any token": (Message("value-cannot-begin-so"), Message("quote-value")),
    "unexpected end of stream": (Message("quote-not-closed"), Message("close-quote")),
    "did not find expected ',' or": (Message("bracket-not-closed"), Message("write-brackets")),
    "did not find expected node": (Message("key-or-value-missing"), Message("write-key-value")),
    "block sequence entries are not": (Message("list-cannot-begin"), Message("begin-list")),
    "unknown escape": (Message("backslash-means-nothing"), Message("quote-value-singly")),
}
"""libyaml's words -> what an admin understands, and the mend."""


def _not_yaml(error: yaml.YAMLError, file: str, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = getattr(error, "problem", None) or getattr(error, "context", None) or "?"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    offending = lines[line - 1].strip()[:MAX_TEXT] if line <= len(lines) else ""
    known = (explained for part, explained in _EXPLAINED.items() if part in words)
    reason, mend = next(known, (Message("yaml-other", words=words), Message("check-indentation")))
    return Problem(file, line, column, offending, reason, mend)


class _Builder:
    """Builds plain data out of the parser's events, so that no alias is ever followed and no depth recursed into."""

    def __init__(self, source: Source, first: str) -> None:
        self.source, self.first = source, first

    def build(self, events: Iterator[Any]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self.refuse(event, Message("yaml-directive"), Message("take-line-out"))
                if documents > 1:
                    self.refuse(event, Message("yaml-second-document"), Message("keep-one-document"))
                    return
            elif isinstance(event, MappingStartEvent):
                self.check(event)
                self.source.data = self.mapping(events, ())
            elif not isinstance(event, StreamStartEvent | StreamEndEvent | DocumentEndEvent):
                self.refuse(event, Message("file-not-keys"), Message("begin-with-key", first=self.first))
                return
        if not documents:
            self.source.problems.append(
                Problem(self.source.file, 1, 1, "", Message("file-empty"), Message("write-or-take-out"))
            )

    def mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            key = self.key(event, events, path)
            place = (*path, key)
            if key in result:
                first = self.source.keys[place][0]
                self.refuse(event, Message("key-twice", first=first), Message("keep-one"))
            else:
                self.source.keys[place] = _place(event)
            value = self.value(next(events), events, place)
            result.setdefault(key, value)
        return result

    def key(self, event: Any, events: Iterator[Any], path: Path) -> str:
        self.check(event)
        if not isinstance(event, ScalarEvent):
            self.refuse(event, Message("key-not-one-word"), Message("quote-value-with-brackets"))
            self.value(event, events, (*path, "?"))
            return "?"
        if not event.style:
            self.bare_key(event)
        self.seen(event)
        return str(event.value)

    def bare_key(self, event: ScalarEvent) -> None:
        if event.value == "<<":
            self.refuse(event, Message("yaml-merge-key"), Message("write-keys-out"))
        elif not event.value:
            self.refuse(event, Message("colon-without-key"), Message("write-key-value"))
        elif (reading := twisted(event.value)) not in (None, DATE):
            self.refuse(
                event, Message("key-read-otherwise", reading=reading), Message("put-in-quotes", word=event.value)
            )

    def value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self.check(event)
        if isinstance(event, ScalarEvent):
            return self.scalar(event, path)
        self.source.values[path] = _place(event)
        if isinstance(event, AliasEvent):
            return None
        if len(path) >= MAX_DEPTH:
            self.refuse(event, Message("nested-too-deep", most=MAX_DEPTH), Message("write-flatter"))
            raise Problems(self.source.problems)
        return self.mapping(events, path) if isinstance(event, MappingStartEvent) else self.sequence(events, path)

    def scalar(self, event: ScalarEvent, path: Path) -> str | None:
        bare = not event.style
        empty = bare and not event.value
        self.source.values[path] = self.source.keys[path] if empty and path in self.source.keys else _place(event)
        if bare and (reading := twisted(event.value)):
            self.source.twisted[path] = reading
        self.seen(event)
        return None if empty else str(event.value)

    def seen(self, event: ScalarEvent) -> None:
        """What an escape in double quotes writes can be seen, too."""
        if event.style == '"' and (found := UNSEEN.search(event.value)):
            self.refuse(event, Message("unseen-character", code=ord(found[0])), Message("take-escape-out"))

    def sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        result: list[Any] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            result.append(self.value(event, events, (*path, len(result))))
        return result

    def check(self, event: Any) -> None:
        if isinstance(event, AliasEvent):
            self.refuse(event, Message("yaml-alias"), Message("write-value-out"))
        elif event.anchor:
            self.refuse(event, Message("yaml-anchor"), Message("take-out-or-quote"))
        if getattr(event, "tag", None) is not None:
            self.refuse(event, Message("yaml-tag"), Message("take-out-or-quote"))

    def refuse(self, event: Any, reason: Message, mend: Message) -> None:
        line, column, text = _place(event)
        self.source.problems.append(Problem(self.source.file, line, column, text, reason, mend))


def _place(event: Any) -> Place:
    mark = event.start_mark
    text = getattr(event, "value", None)
    if text is None:
        anchor = getattr(event, "anchor", None)
        text = f"*{anchor}" if isinstance(event, AliasEvent) else ""
    return mark.line + 1, mark.column + 1, str(text)[:MAX_TEXT]
