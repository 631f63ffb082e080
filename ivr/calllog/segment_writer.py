"""The end of the spool that is written: one segment at a time, and those that still have to reach the disk."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

from ivr.calllog.segments import begin


class SegmentWriter:
    """Writes whole lines. ``last``: the newest segment there is; ``begun`` is told of each further one.

    ``segment_bytes``: size at which a new segment is begun.
    """

    def __init__(self, folder: Path, last: Path | None, segment_bytes: int, begun: Callable[[Path], object]) -> None:
        self.size = 0  # of the segment that is written
        self._folder, self._last, self._segment_bytes, self._tell = folder, last, segment_bytes, begun
        self._file: int | None = None
        self._retired: list[int] = []  # full segments that still have to reach the disk
        self._named = False  # a segment whose name still has to

    @property
    def open(self) -> bool:
        """Whether a segment is being written."""
        return self._file is not None

    def write(self, line: bytes) -> None:
        """The whole line is in the file. Raises OSError; then no part of it is."""
        file = self._writable(len(line))
        written = os.write(file, line)
        if written < len(line):
            self._untear(file)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.size += written

    def retire(self) -> None:
        """Go on in a new segment."""
        if self._file is not None:
            self._retired.append(self._file)
            self._file = None

    async def sync(self) -> None:
        """Bring what was written to the disk. Raises OSError."""
        files, self._retired = self._retired, []
        named, self._named = self._named, False
        if self._file is not None:
            files.append(os.dup(self._file))
        try:
            await asyncio.to_thread(_to_disk, self._folder, files, named=named)
        except OSError:
            self._named = self._named or named
            self.retire()  # what an fsync that failed has left in a file is uncertain
            raise

    def close(self) -> None:
        """Bring everything to the disk, as far as that goes, and let go of the files."""
        self.retire()
        retired, self._retired = self._retired, []
        with contextlib.suppress(OSError):
            _to_disk(self._folder, retired, named=self._named)

    def _untear(self, file: int) -> None:
        """Take back the part of a line that was written."""
        try:
            os.ftruncate(file, self.size)
        except OSError:
            self.retire()

    def _writable(self, room: int) -> int:
        if self._file is not None and self.size + room > self._segment_bytes and self.size:
            self.retire()
        if self._file is None:
            self._last, self._file = begin(self._folder, self._last)
            self.size, self._named = 0, True
            self._tell(self._last)
        return self._file


def _to_disk(folder: Path, files: list[int], *, named: bool) -> None:
    """Sync these files, and their folder if there are names in it since the last time; close them. Raises OSError."""
    try:
        for file in files:
            os.fsync(file)
    finally:
        for file in files:
            os.close(file)
    if named:
        folder_file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(folder_file)
        finally:
            os.close(folder_file)
