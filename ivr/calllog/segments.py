"""The spool's files on disk: segments of JSON lines, numbered in the order in which they were begun."""

from __future__ import annotations

import os
from collections.abc import Iterator
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


def chunk(path: Path, offset: int, limit: int) -> tuple[list[Entry], int]:
    """At most ``limit`` whole lines from ``offset`` on: their entries, and the offset after them.

    A line without its end is left alone: it is being written, or a crash tore it. Raises OSError.
    """
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(CHUNK)
    entries: list[Entry] = []
    start = 0
    while len(entries) < limit and (end := data.find(b"\n", start)) >= 0:
        entry = _entry(path, offset + start, data[start:end])
        if entry is not None:
            entries.append(entry)
        start = end + 1
    return entries, offset + start


def read(folder: Path) -> Iterator[Entry]:
    """Every entry that the folder still holds, in the order in which it was written. Raises OSError."""
    for path in segments(folder):
        offset, moved = 0, True
        while moved:
            entries, end = chunk(path, offset, CHUNK)
            yield from entries
            offset, moved = end, end > offset


def _entry(path: Path, offset: int, line: bytes) -> Entry | None:
    """The entry of one line; None for what cannot be read, which is told by its place, never by its content."""
    try:
        return decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        _log.error("spool: a line is damaged and was passed over", segment=path.name, offset=offset)
        return None
