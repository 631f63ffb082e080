"""The database at the start of the engine: opened before the first call if it is there, caught up with if it is not."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import structlog

from ivr.call import Call
from ivr.calllog.applier import open_calls, spooled_calls
from ivr.calllog.carried import Carried
from ivr.calllog.state import CallState
from ivr.recovery import Unfinished
from ivr.tickets.database import Database, DatabaseAway, DatabaseError

_log = structlog.get_logger(__name__)


class Opening:
    """Brings the database to this version's shape and takes from it which calls were not over.

    ``spool``: its folder; ``carried``: what is left to the next run. ``in_progress``: calls that a session serves now.
    ``retry``: seconds between tries.
    """

    def __init__(
        self,
        database: Database,
        spool: Path,
        carried: Carried,
        unfinished: Unfinished,
        *,
        in_progress: Callable[[], Mapping[str, Call]],
        now: Callable[[], float],
        retry: float = 5.0,
    ) -> None:
        self._database, self._spool, self._carried, self._unfinished = database, spool, carried, unfinished
        self._in_progress, self._now, self._retry = in_progress, now, retry
        self._began = math.inf
        self.opened = asyncio.Event()
        self.problem = ""

    async def begin(self) -> None:
        """Before any call: everything, or without a database that is away, the open calls that the spool knows.

        Raises DatabaseError for a fault that does not pass by itself, OSError when the spool is unreadable.
        """
        try:
            await self._open()
        except DatabaseAway as error:
            self._began, self.problem = self._now(), str(error)
            _log.error("the database is away: calls are served, and told to it when it is back", error=self.problem)
            self._unfinished.adopt(await spooled_calls(self._spool, self._carried.recall()))

    async def run(self) -> None:
        """Try until the database is open. What is wrong with it by now ends no call: it is told in ``problem``."""
        while not self.opened.is_set():
            await asyncio.sleep(self._retry)
            try:
                await self._open()
            except (DatabaseError, OSError) as error:
                self.problem = str(error)
            else:
                _log.info("the database is back")

    async def _open(self) -> None:
        await self._database.migrate()
        ours = self._ours()
        calls = await open_calls(self._spool, self._database)
        ours |= self._ours()
        self._unfinished.adopt(call for call in calls if self._is_lost(call, ours))
        self.keep()
        self.problem = ""
        self.opened.set()

    def keep(self) -> None:
        """Leave the open calls to the next run: at the end, and before the spool lets go of what it knows of them."""
        self._carried.keep(self._open_calls())

    def _open_calls(self) -> list[CallState]:
        served = [call.state for call in self._in_progress().values()]
        return [*(call for call in served if call.started and call.ended is None), *self._unfinished.all()]

    def _ours(self) -> set[str]:
        return {*self._in_progress(), *(call.call_id for call in self._unfinished.all())}

    def _is_lost(self, call: CallState, ours: Collection[str]) -> bool:
        """Whether it is of an earlier run, and nobody sees to it yet."""
        return call.started < self._began and call.call_id not in ours
