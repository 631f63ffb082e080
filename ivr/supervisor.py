"""Keeps processes running in the foreground: started, restarted when they die or hang, stopped in order."""

from __future__ import annotations

import asyncio
import os
import re
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from ivr.orphans import bound

_log = structlog.get_logger(__name__)

FIRST_DELAY, LONGEST_DELAY = 0.2, 10.0
"""Seconds before a restart: doubled after each quick death, the first again after a long life."""

LONG_LIFE = 60.0
"""Seconds after which a death counts as the first one again."""

STOP_SECONDS = 2.0
"""How long a process may take to stop before it is killed: Ctrl-C has ended two that hang before five have passed."""

HOPELESS = 5
"""So many quick deaths in a row, before everything has worked once, mean that it never will."""

START_SECONDS = 60.0
"""How long a process may take to its first answer before it is killed and restarted."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

LOOK_SECONDS, LOOKS = 1.0, 3
"""A process that is alive but does not answer: so many looks, so far apart, before it is killed and restarted. With
the two seconds that an engine has for each, callers in a menu hear nothing for nine seconds and a start's time."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running. ``answers``: whether it does its work, for one that can hang; raises nothing.

    ``output``: the file that what it prints is added to; None prints it here. ``orphaned``: the signal that the kernel
    sends it when we are killed; KILL for one that must be gone even if it hangs.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    answers: Callable[[], Awaitable[bool]] | None = None
    output: Path | None = None
    orphaned: str = "KILL"


class NeverWorked(Exception):
    """A process keeps ending before it has ever worked; the message says where its own words are."""


@dataclass(slots=True)
class Supervisor:
    """Runs its children until cancelled; stops them last to first.

    ``worked``: set by whoever sees that they do their work; from then on nothing is given up.
    """

    children: Sequence[Child]
    worked: bool = False
    _processes: dict[str, Process] = field(default_factory=dict)

    async def run(self) -> None:
        """Keep all children running until cancelled, then stop them.

        Raises OSError when one cannot be started, NeverWorked when one never gets to its work.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                for child in self.children:
                    tasks.create_task(self._keep(child), name=child.name)
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            for child in reversed(self.children):
                await self._stop(child)

    async def _keep(self, child: Child) -> None:
        delay, deaths, clock = FIRST_DELAY, 0, asyncio.get_running_loop().time
        while True:
            began = clock()
            status = await self._live(child)
            if clock() - began > LONG_LIFE:
                delay, deaths = FIRST_DELAY, 0
            deaths += 1
            said = await asyncio.to_thread(_last_words, child.output)
            if deaths >= HOPELESS and not self.worked:
                raise NeverWorked(_hopeless(child, status, said))
            _log.warning("restarting", process=child.name, exit_status=status, in_seconds=delay, said=said)
            await asyncio.sleep(delay)
            delay = min(LONGEST_DELAY, delay * 2)

    async def _live(self, child: Child) -> int:
        """One life of the child: its exit status."""
        with child.output.open("ab") if child.output else nullcontext() as output:
            process = await asyncio.create_subprocess_exec(
                *bound(child.command, child.orphaned),
                env=dict(child.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # the terminal's Ctrl-C is for us: we stop our children in order
            )
        self._processes[child.name] = process
        if child.answers is None:
            return await process.wait()
        watch = asyncio.create_task(self._watch(child, process))
        try:
            return await process.wait()
        finally:
            watch.cancel()

    async def _watch(self, child: Child, process: Process) -> None:
        assert child.answers is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                while not await child.answers():  # noqa: ASYNC110 (it is told by asking only)
                    await asyncio.sleep(FIRST_DELAY)
            silent = 0
            while silent < LOOKS:
                await asyncio.sleep(LOOK_SECONDS)
                silent = 0 if await child.answers() else silent + 1
        _log.error("does not answer: killed", process=child.name)
        with suppress(ProcessLookupError):
            process.kill()

    async def _stop(self, child: Child) -> None:
        process = self._processes.get(child.name)
        if process is None or process.returncode is not None:
            return
        process.terminate()
        # Not asyncio.timeout: we are being cancelled, which until Python 3.11.4 (Debian 12 has 3.11.2) it takes for the
        # reason when its time is over (python/cpython#102780); the process would live on.
        ended = asyncio.ensure_future(process.wait())
        await asyncio.wait({ended}, timeout=STOP_SECONDS)
        if not ended.done():
            _log.warning("did not stop in time: killed", process=child.name)
            process.kill()
        await ended


def _hopeless(child: Child, status: int, said: str) -> str:
    why = said or "its words above say why"
    return f"{child.name} ended {HOPELESS} times in a row before it ever worked (exit status {status}): {why}"


def _last_words(output: Path | None) -> str:
    """The last line that a process printed into its file: mostly why it ended."""
    if output is None:
        return ""
    with suppress(OSError), output.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 2_000))
        lines = _COLOURS.sub("", file.read().decode(errors="replace")).split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")
    return ""
