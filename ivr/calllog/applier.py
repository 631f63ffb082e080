"""Brings the spool's entries into the database, in its own time: calls go on whether or not the database does."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from ivr.calllog.events import Entry, Started, encode
from ivr.calllog.spool import Batch, Spool, read
from ivr.calllog.state import CallState
from ivr.tickets.database import Database, DatabaseError
from ivr.tickets.models import Ticket
from ivr.tickets.record import Recorder, events, fold

_log = structlog.get_logger(__name__)

REJECTED = "rejected.jsonl"
"""In the spool's folder: entries that the database will never take, one a line, for a person to look at."""


class Applier:
    """Applies what ``spool`` holds, ``batch`` entries a transaction, gathered for ``linger`` seconds.

    ``retry``: seconds before the first and, doubled each time, at most before the next try while the database is
    away. ``last_words``: seconds that ``run`` goes on when it is cancelled, so that a stopped hotline has told all.
    """

    def __init__(
        self,
        spool: Spool,
        database: Database,
        *,
        batch: int = 300,
        linger: float = 1.0,
        retry: tuple[float, float] = (0.5, 10.0),
        last_words: float = 2.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._spool, self._recorder = spool, Recorder(database)
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
                await self._drain_patiently()
        finally:
            with contextlib.suppress(DatabaseError, OSError, TimeoutError):
                async with asyncio.timeout(self._last_words):
                    await self.drain()

    async def drain(self) -> None:
        """Apply everything that is there; one at a time. Raises DatabaseError, OSError when the spool is unreadable."""
        async with self._draining:
            while (batch := self._spool.batch(self._batch)).found:
                if batch.entries:
                    self._oldest = batch.entries[0].event.at
                    await self._apply(batch)
                self._spool.applied(batch)
                self._oldest = None

    async def _drain_patiently(self) -> None:
        wait, longest = self._retry
        while True:
            try:
                await self.drain()
            except (DatabaseError, OSError) as error:
                self._trouble(str(error))
                await asyncio.sleep(wait)
                wait = min(2 * wait, longest)
            else:
                self._trouble("")
                return

    async def _apply(self, batch: Batch) -> None:
        try:
            await self._recorder.record(batch.entries)
        except (DatabaseError, OSError):
            raise
        except Exception:  # the database's refusal, or a fault of ours: either would come back at every next try
            await self._apply_each_call(batch.entries)

    async def _apply_each_call(self, entries: Iterable[Entry]) -> None:
        """Something in the batch can never be stored: find the call that it is of, and let the others through."""
        calls: dict[str, list[Entry]] = {}
        for entry in entries:
            calls.setdefault(entry.call_id, []).append(entry)
        for its in calls.values():
            try:
                await self._recorder.record(its)
            except (DatabaseError, OSError):
                raise
            except Exception:
                await self._apply_each_entry(its)

    async def _apply_each_entry(self, its: list[Entry]) -> None:
        """Put aside what can never be stored of one call: all of it if no ticket can begin, else the entry alone."""
        for place, entry in enumerate(its):
            try:
                await self._recorder.record([entry])
            except (DatabaseError, OSError):
                raise
            except Exception as error:
                _log.error(
                    "call log: an event cannot be stored and is put aside",
                    call=entry.call_id,
                    seq=entry.seq,
                    kept=REJECTED,
                    error=_kind(error),
                )
                begins = isinstance(entry.event, Started)
                await asyncio.to_thread(_put_aside, self._spool.folder, its[place:] if begins else [entry])
                if begins:
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


def _kind(error: Exception) -> str:
    """The fault's kind; its text would hold the call's data."""
    return type(error.orig if isinstance(error, DBAPIError) else error).__name__


def _put_aside(folder: Path, entries: list[Entry]) -> None:
    with (folder / REJECTED).open("ab") as file:
        file.writelines(encode(entry) + b"\n" for entry in entries)
