"""Tells that a file of the configuration has changed; the kernel says so (inotify), nothing is polled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import structlog
from watchfiles import Change, awatch

from ivr.flow.service import FLOWS, PROMPTS

_log = structlog.get_logger(__name__)

QUIET, LONGEST = 300, 2000
"""Milliseconds without a change before it is told, and after which it is told anyway: an editor writes in steps."""

MOST_REST = 10.0
"""Seconds of rest after a change at most; else as long as it took: half of the time is left to calls alone."""

AGAIN = 30.0
"""Seconds before folders that could not be watched are tried again."""

ENDINGS = ("", ".yaml", ".txt", ".wav")
"""Of the files, and "" of the folders, that matter."""


class Watch:
    """Calls ``changed`` after each change below ``folder``, one at a time."""

    def __init__(self, folder: Path, changed: Callable[[], Awaitable[object]]) -> None:
        self._folder, self._changed = folder, changed

    async def run(self) -> None:
        """Watch until cancelled. What cannot be watched is said in the log; `ivr reload` works meanwhile."""
        while True:
            try:
                await self._watch()
            except* (OSError, RuntimeError) as faults:
                why = "; ".join(str(fault) for fault in faults.exceptions)
                _log.warning("configuration-not-watched", folder=str(self._folder), why=why)
                await asyncio.sleep(AGAIN)

    async def _watch(self) -> None:
        """Until a folder is another one: a watch belongs to the folder that stood there, not to its name."""
        waiting, stop = asyncio.Event(), asyncio.Event()
        stands = self._stands()
        flat = [path for path in (self._folder, (self._folder / PROMPTS).parent) if path.is_dir()]
        deep = [path.resolve() for path in (self._folder / FLOWS, self._folder / PROMPTS) if path.is_dir()]
        async with asyncio.TaskGroup() as group:
            group.create_task(_note(_changes(flat, stop, recursive=False), waiting))
            if deep:
                group.create_task(_note(_changes(deep, stop, recursive=True), waiting))
            while self._stands() == stands:
                await waiting.wait()
                waiting.clear()
                await self._told()
            stop.set()

    async def _told(self) -> None:
        """The change acted upon, and rest after it; what changes meanwhile is told as one when the rest is over."""
        began = time.monotonic()
        await self._changed()
        await asyncio.sleep(min(MOST_REST, time.monotonic() - began))

    def _stands(self) -> list[tuple[int, int]]:
        """Which folders stand there now: device and inode of each that does."""
        named = (self._folder, self._folder / FLOWS, (self._folder / PROMPTS).parent, self._folder / PROMPTS)
        states = [path.stat() for path in named if path.is_dir()]
        return [(state.st_dev, state.st_ino) for state in states]


def matters(_change: Change, path: str) -> bool:
    """Whether a changed file may be the configuration's: not an editor's own."""
    name = Path(path).name
    return not name.startswith(".") and not name.endswith("~") and Path(name).suffix in ENDINGS


def _changes(paths: list[Path], stop: asyncio.Event, *, recursive: bool) -> AsyncIterator[object]:
    return awatch(
        *paths, watch_filter=matters, debounce=LONGEST, step=QUIET, stop_event=stop, recursive=recursive
    ).__aiter__()


async def _note(changes: AsyncIterator[object], waiting: asyncio.Event) -> None:
    async for _ in changes:
        waiting.set()
