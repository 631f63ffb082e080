"""Where conversations are recorded, and whether they can be: a sick disk never keeps a caller from an operator."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

RESERVE = 50_000_000
"""Bytes that must be free before a conversation is recorded: about 50 minutes of 16-bit sound at 8 kHz."""

PATIENCE = 1.0
"""Seconds that the disk has for one answer."""

LATE = 5.0
"""Seconds of a recording that Asterisk may still hold back when the conversation has just ended: about two, seen."""

MISSING = 0.1
"""The part of a conversation that may be missing: two silent phones send nothing that could be recorded."""

_FRESH = 10.0
_WAV_HEADER = 44
_BYTES_A_SECOND = 16_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a conversation is not, or not wholly, recorded. ``kept``: there is something to listen to."""

    why: str
    kept: bool = False


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

    async def fault(self, path: Path, seconds: float) -> Fault | None:
        """What is wrong with the recording of a conversation of ``seconds``; None when as much sound is in it."""
        try:
            size = await _ask(lambda: path.stat().st_size)
        except OSError as error:
            self._good = None
            return Fault(f"the recording is not there: {reason(error)}")
        recorded = (size - _WAV_HEADER) / _BYTES_A_SECOND
        if recorded <= 0:
            return Fault(f"the recording is empty{await self._disk(path.parent)}")
        if recorded < seconds * (1 - MISSING) - LATE:
            words = f"only {recorded:.0f} of {seconds:.0f} s were recorded{await self._disk(path.parent)}"
            return Fault(words, kept=True)
        return None

    async def _disk(self, folder: Path) -> str:
        """Words for what is wrong with the disk now; "" for nothing."""
        try:
            await _ask(lambda: self._prepare(folder))
        except OSError as error:
            self._good = None
            return f": {reason(error)}"
        return ""

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
