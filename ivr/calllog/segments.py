"""The spool's files on disk: segments of JSON lines, numbered in the order in which they were begun."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import structlog

from ivr.calllog.events import Entry, decode

_log = structlog.get_logger(__name__)

CHUNK = 1 << 20
"""Bytes read at a time; a single line is always far shorter."""


def segments(folder: Path) -> list[Path]:
    """The folder's segments, oldest first."""
    return sorted(path for path in folder.glob("*.jsonl") if path.stem.isdigit())


def begin(folder: Path, after: Path | None) -> tuple[Path, int]:
    """Create the segment that follows ``after``: its path, and a descriptor that appends to it. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    number = int(after.stem) + 1 if after else 1
    path = folder / f"{number:012d}.jsonl"
    return path, os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


class Lines(msgspec.Struct, frozen=True):
    """Whole lines in their order. ``source``: their segment's name, "" for memory; ``offset``: of the first in it."""

    lines: list[bytes]
    source: str = ""
    offset: int = 0

    @property
    def oldest(self) -> float | None:
        """When the first that can be read happened (s since 1970)."""
        for line in self.lines:
            with suppress(msgspec.DecodeError, UnicodeDecodeError):
                return decode(line).event.at
        return None

    def entries(self) -> Iterator[Entry]:
        """Their entries. What cannot be read is passed over, and told by its place, never by its content."""
        offset = self.offset
        for line in self.lines:
            try:
                yield decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                _log.error("spool: a line is damaged and was passed over", segment=self.source, offset=offset)
            offset += len(line) + 1


def chunk(path: Path, offset: int, limit: int) -> tuple[Lines, int]:
    """At most ``limit`` whole lines from ``offset`` on, and the offset after them.

    A line without its end is left alone: it is being written, or a crash tore it. Raises OSError.
    """
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(CHUNK)
    lines = data.split(b"\n", limit)
    rest = lines.pop()
    return Lines(lines, path.name, offset), offset + len(data) - len(rest)


def read(folder: Path) -> Iterator[Entry]:
    """Every entry that the folder still holds, in the order in which it was written. Raises OSError."""
    for path in segments(folder):
        offset, moved = 0, True
        while moved:
            lines, end = chunk(path, offset, CHUNK)
            yield from lines.entries()
            offset, moved = end, end > offset
