"""Where conversations are recorded, and whether they can be: a sick disk never keeps a caller from an operator."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

RESERVE = 50_000_000
"""Bytes that must be free before a conversation is recorded: about 50 minutes of 16-bit sound at 8 kHz."""

PATIENCE = 1.0
"""Seconds that the disk has for one answer."""

_FRESH = 10.0
_WAV_HEADER = 44


class Recordings:
    """The folder ``root``, by days: ``YYYY/MM/DD/<ticket>-<HHMMSS>.wav``, in UTC."""

    def __init__(self, root: Path, *, reserve: int = RESERVE, elapsed: Callable[[], float] = time.monotonic) -> None:
        self.root = root
        self._reserve = reserve
        self._elapsed = elapsed
        self._good: tuple[Path, float] | None = None

    async def place(self, ticket: int, at: float) -> Path:
        """The file for a conversation at ``at`` (s since 1970), its folder made. Raises OSError, saying why not.

        The disk is asked at most once in ten seconds, so that an operator is rung without waiting for it.
        """
        moment = datetime.fromtimestamp(at, UTC)
        folder = self.root / f"{moment:%Y/%m/%d}"
        if self._good is None or self._good[0] != folder or self._elapsed() - self._good[1] > _FRESH:
            self._good = None
            await _ask(lambda: self._prepare(folder))
            self._good = folder, self._elapsed()
        return folder / f"{ticket}-{moment:%H%M%S}.wav"

    def _prepare(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        if free < self._reserve:
            raise OSError(f"only {free // 1_000_000} MB are free, {self._reserve // 1_000_000} MB are needed")

    async def fault(self, path: Path) -> str | None:
        """What is wrong with a recording after its conversation; None when there is sound in it."""
        try:
            size = await _ask(lambda: path.stat().st_size)
        except OSError as error:
            self._good = None
            return f"the recording is not there: {reason(error)}"
        return None if size > _WAV_HEADER else "the recording is empty"

    def relative(self, path: Path) -> str:
        """As the log of events names it."""
        return path.relative_to(self.root).as_posix()


def reason(error: OSError) -> str:
    """Words for an error of the disk, without the paths of this machine."""
    if isinstance(error, TimeoutError):
        return f"the disk did not answer within {PATIENCE:.0f} s"
    return error.strerror or str(error)


async def _ask(question: Callable[[], Result]) -> Result:
    async with asyncio.timeout(PATIENCE):
        return await asyncio.to_thread(question)
