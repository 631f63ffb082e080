"""The write-ahead journal of calls: an event is in a file before the call goes on, and in the database later.

``append`` hands each event to the operating system at once, so a killed engine loses nothing; a group commit
brings it to the disk within ``sync_within`` seconds (0.1 s by default) and the time of one fsync, which is what
a power failure may cost. While nothing can be written, events wait in memory, within a bound.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from ivr.calllog.backlog import Backlog
from ivr.calllog.events import AnyEvent, Entry, encode
from ivr.calllog.segment_writer import SegmentWriter
from ivr.calllog.segments import Lines, chunk, read, segments

__all__ = ["Batch", "Spool", "read"]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Batch:
    """The oldest lines that are not applied yet, and where they came from."""

    lines: Lines
    segment: Path | None = None
    offset: int = 0
    memory: int = 0

    @property
    def found(self) -> bool:
        """Whether there was anything, be it only damaged lines to pass over."""
        return bool(self.lines.lines)

    @property
    def entries(self) -> list[Entry]:
        """What the lines say, read anew each time."""
        return list(self.lines.entries())


class Spool:
    """A folder of segments; implements ivr.call.Journal. ``run`` must be running while it is used.

    ``segment_bytes``: size at which a new segment is begun. ``sync_within`` and ``retry``: seconds.
    ``memory_bytes``: how much is kept while the disk takes nothing; what comes after that is counted in ``lost``.
    ``before_drop`` is called before a segment is removed, whose entries are all in the database.
    """

    def __init__(
        self,
        folder: Path,
        *,
        segment_bytes: int = 1 << 20,
        sync_within: float = 0.1,
        memory_bytes: int = 64 << 20,
        retry: float = 1.0,
    ) -> None:
        self.folder = folder
        self.before_drop: Callable[[], None] = lambda: None
        self.healthy = True
        self.lost = 0
        self._sync_within, self._retry = sync_within, retry
        self._segments: deque[Path] = deque(segments(folder))
        last = self._segments[-1] if self._segments else None
        self._writer = SegmentWriter(folder, last, segment_bytes, self._segments.append)
        self._offset = 0  # how far the oldest segment is applied
        self._memory = Backlog(memory_bytes)
        self._dirty, self._appended = asyncio.Event(), asyncio.Event()

    def append(self, call_id: str, seq: int, event: AnyEvent) -> None:
        """Write event number ``seq`` of the call. Never waits, never fails."""
        try:
            line = encode(Entry(call_id, seq, event)) + b"\n"
        except (TypeError, ValueError):  # half a letter (a lone surrogate) in a text, say
            self.lost += 1
            _say("spool: an event cannot be written down and is lost", call=call_id, seq=seq)
            return
        if self._memory or not self._write(line):
            self._remember(line)
        self._dirty.set()
        self._appended.set()

    @property
    def backlog_bytes(self) -> int:
        """What is not applied yet, in files and in memory; 0 when all is in the database."""
        total = self._memory.size - self._offset
        for path in self._segments:
            with contextlib.suppress(OSError):
                total += path.stat().st_size
        return max(0, total)

    async def more(self) -> None:
        """Return once there is something to apply."""
        while not self._unapplied():
            self._appended.clear()
            await self._appended.wait()

    def batch(self, limit: int = 1000) -> Batch:
        """The oldest lines that are not applied, at most ``limit`` of them. Raises OSError."""
        while self._segments:
            segment = self._segments[0]
            with contextlib.suppress(FileNotFoundError):
                lines, offset = chunk(segment, self._offset, limit)
                if offset > self._offset:
                    return Batch(lines, segment, offset)
            if self._writer.open and len(self._segments) == 1:
                break
            self._drop_oldest()
        kept, last = self._memory.oldest(limit)
        return Batch(Lines(kept), memory=last)

    def applied(self, batch: Batch) -> None:
        """The batch is safe in the database: forget it, and remove segments that hold nothing else."""
        if batch.segment is not None and self._segments and self._segments[0] == batch.segment:
            self._offset = batch.offset
        self._memory.forget(batch.memory)
        while len(self._segments) > 1 and self._offset >= _size(self._segments[0]):
            self._drop_oldest()

    async def run(self) -> None:
        """Bring to the disk what was appended, and to the file what could not be written, until cancelled."""
        try:
            while True:
                await self._dirty.wait()
                await asyncio.sleep(self._retry if self._memory else self._sync_within)
                self._dirty.clear()
                self._flush()
                await self._sync()
                if self._memory:
                    self._dirty.set()
        finally:
            self.close()

    def close(self) -> None:
        """Bring everything to the disk and let go of the files; a spool that is wholly applied leaves none."""
        self._flush()
        self._writer.close()
        while self._segments and self._offset >= _size(self._segments[0]):
            self._drop_oldest()

    def _unapplied(self) -> bool:
        return bool(self._memory) or len(self._segments) > 1 or (bool(self._segments) and self._offset < self._end())

    def _end(self) -> int:
        return self._writer.size if self._writer.open else _size(self._segments[0])

    def _write(self, line: bytes) -> bool:
        """Whether the whole line is in the file now; if not, no part of it is."""
        try:
            self._writer.write(line)
        except OSError as error:
            self._fail(error)
            return False
        return True

    def _remember(self, line: bytes) -> None:
        if self._memory.add(line):
            return
        if not self.lost:
            _say("spool: memory is full, events are being lost", kept=len(self._memory))
        self.lost += 1

    def _flush(self) -> None:
        """Write what waits in memory, as far as it goes."""
        while self._memory:
            [line], number = self._memory.oldest(1)
            if not self._write(line):
                return
            self._memory.forget(number)
        if not self.healthy:
            self.healthy = True
            _log.info("spool: writing again", lost=self.lost)

    async def _sync(self) -> None:
        try:
            await self._writer.sync()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        if self.healthy:
            self.healthy = False
            _say(
                "spool: cannot write, calls go on and their events wait in memory; free space or mend the folder",
                folder=str(self.folder),
                error=error.strerror,
            )

    def _drop_oldest(self) -> None:
        self.before_drop()
        with contextlib.suppress(OSError):
            self._segments.popleft().unlink()
        self._offset = 0


def _say(event: str, **values: object) -> None:
    """Log an error. The log may lie on the very disk that is full: that must not reach the call."""
    with contextlib.suppress(OSError):
        _log.error(event, **values)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
