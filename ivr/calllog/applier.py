"""Hands the spool's lines to who writes them into the database; calls go on whether or not the database does."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog
from sqlalchemy import select

from ivr.calllog.events import Entry
from ivr.calllog.spool import Spool, read
from ivr.calllog.state import CallState
from ivr.calllog.writer import Writer
from ivr.messages import words_of
from ivr.tickets.database import Database, DatabaseError
from ivr.tickets.models import Ticket
from ivr.tickets.record import events, fold

_log = structlog.get_logger(__name__)


LITTLE = 65_536
"""Bytes that may wait for ``linger`` once more: what some hundred calls say in the time of one transaction."""


class Applier:
    """Applies what ``spool`` holds, ``batch`` lines a transaction, gathered for ``linger`` seconds.

    ``retry``: seconds before the first and, doubled each time, at most before the next try while the database is
    away. ``last_words``: seconds that ``run`` goes on when it is cancelled, so that a stopped hotline has told all.
    """

    def __init__(
        self,
        spool: Spool,
        writer: Writer,
        *,
        batch: int = 300,
        linger: float = 1.0,
        retry: tuple[float, float] = (0.5, 10.0),
        last_words: float = 2.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._spool, self._writer = spool, writer
        self._batch, self._linger, self._retry, self._last_words = batch, linger, retry, last_words
        self._clock = clock
        self._oldest: float | None = None
        self._draining = asyncio.Lock()
        self.problem = ""

    @property
    def lag(self) -> float:
        """Seconds since the oldest event that could not be applied so far; 0 when nothing is behind."""
        return 0.0 if self._oldest is None else max(0.0, self._clock() - self._oldest)

    async def run(self) -> None:
        """Apply whatever is appended, until cancelled."""
        try:
            while True:
                await self._spool.more()
                await asyncio.sleep(self._linger)
                await self._apply_patiently()
        finally:
            with contextlib.suppress(DatabaseError, OSError, TimeoutError):
                async with asyncio.timeout(self._last_words):
                    await self.drain()

    async def drain(self) -> None:
        """Apply everything that is there; one at a time. Raises DatabaseError, OSError when the spool is unreadable."""
        while await self._apply():
            pass

    async def _apply(self) -> int:
        """Apply the next batch; how many lines it had."""
        async with self._draining:
            batch = self._spool.batch(self._batch)
            if batch.found:
                self._oldest = batch.lines.oldest
                await self._writer.write(batch.lines)
                self._spool.applied(batch)
                self._oldest = None
            return len(batch.lines.lines)

    async def _catch_up(self) -> None:
        """Apply what was there; the little that came meanwhile is gathered for the next transaction."""
        while (lines := await self._apply()) and (lines >= self._batch or self._spool.backlog_bytes > LITTLE):
            pass

    async def _apply_patiently(self) -> None:
        wait, longest = self._retry
        while True:
            try:
                await self._catch_up()
            except (DatabaseError, OSError) as error:
                self._trouble(words_of(error))
                await asyncio.sleep(wait)
                wait = min(2 * wait, longest)
            else:
                self._trouble("")
                return

    def _trouble(self, problem: str) -> None:
        if problem and not self.problem:
            _log.error("call log: the database takes nothing, calls go on and are kept in the spool", error=problem)
        if self.problem and not problem:
            _log.info("call log: the database is up to date again")
        self.problem = problem


async def open_calls(spool_folder: Path, database: Database) -> list[CallState]:
    """Calls that began and did not end, as spool and database together know them. Raises DatabaseError, OSError.

    For the start of an engine, before anything new is appended.
    """
    spooled = await _spooled(spool_folder)
    async with database.read() as session:
        unfinished = await session.scalars(select(Ticket.call_id).where(Ticket.ended_at.is_(None)))
        stored = await events(session, {*spooled, *unfinished})
    return _open(_joined(id, stored.get(id, []), spooled.get(id, {})) for id in {*stored, *spooled})


async def spooled_calls(spool_folder: Path, carried: Iterable[CallState]) -> list[CallState]:
    """The open calls as far as they are known while the database is away. Raises OSError.

    ``carried``: those of the last run that was stopped; others are known to the spool from their beginning, or not.
    """
    calls = {call.call_id: call for call in carried}
    for id, its in (await _spooled(spool_folder)).items():
        if id in calls or sorted(its) == list(range(1, len(its) + 1)):
            _go_on(calls.setdefault(id, CallState(id)), its)
    return _open(calls.values())


async def _spooled(folder: Path) -> dict[str, dict[int, Entry]]:
    """Each call's entries by their number."""
    spooled: dict[str, dict[int, Entry]] = {}
    for entry in await asyncio.to_thread(lambda: list(read(folder))):
        spooled.setdefault(entry.call_id, {})[entry.seq] = entry
    return spooled


def _go_on(call: CallState, its: dict[int, Entry]) -> None:
    """What came after what is known; an event that was lost leaves a gap."""
    for seq in sorted(seq for seq in its if seq > call.seq):
        call.seq = seq - 1
        call.apply(its[seq].event)


def _open(calls: Iterable[CallState]) -> list[CallState]:
    return sorted((call for call in calls if call.ended is None), key=lambda call: call.started)


def _joined(call_id: str, stored: list[Entry], spooled: dict[int, Entry]) -> CallState:
    every = {**spooled, **{entry.seq: entry for entry in stored}}
    return fold(call_id, [every[seq] for seq in sorted(every)])
