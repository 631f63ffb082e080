"""Writes lines of the call log into the database. What it will never take is put aside and holds up nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from ivr.calllog.events import Entry, Started, encode
from ivr.calllog.segments import Lines
from ivr.tickets.database import Database
from ivr.tickets.faults import DatabaseError
from ivr.tickets.record import Recorder

_log = structlog.get_logger(__name__)

REJECTED = "rejected.jsonl"
"""In the spool's folder: entries that the database will never take, one a line, for a person to look at."""


class Writer(Protocol):
    """Takes what happened to calls, and forgets nothing of it."""

    async def write(self, lines: Lines) -> None:
        """Have them all in the database or put aside; the same lines may come again. Raises DatabaseError, OSError."""
        ...


class DatabaseWriter:
    """Writes into ``database``, a transaction each time. ``folder``: where entries are put aside."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._recorder, self._folder = Recorder(database), folder

    async def write(self, lines: Lines) -> None:
        """As Writer.write."""
        entries = list(lines.entries())
        if not entries:
            return
        try:
            await self._recorder.record(entries)
        except (DatabaseError, OSError):
            raise
        except Exception:  # the database's refusal, or a fault of ours: either would come back at every next try
            await self._write_each_call(entries)

    async def _write_each_call(self, entries: Iterable[Entry]) -> None:
        """Something among them can never be stored: find the call that it is of, and let the others through."""
        calls: dict[str, list[Entry]] = {}
        for entry in entries:
            calls.setdefault(entry.call_id, []).append(entry)
        for its in calls.values():
            try:
                await self._recorder.record(its)
            except (DatabaseError, OSError):
                raise
            except Exception:
                await self._write_each_entry(its)

    async def _write_each_entry(self, its: list[Entry]) -> None:
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
                await asyncio.to_thread(_put_aside, self._folder, its[place:] if begins else [entry])
                if begins:
                    return


def _kind(error: Exception) -> str:
    """The fault's kind; its text would hold the call's data."""
    return type(error.orig if isinstance(error, DBAPIError) else error).__name__


def _put_aside(folder: Path, entries: list[Entry]) -> None:
    with (folder / REJECTED).open("ab") as file:
        file.writelines(encode(entry) + b"\n" for entry in entries)
