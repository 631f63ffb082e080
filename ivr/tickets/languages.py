"""Which language a caller's number chose last."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from datetime import UTC, datetime

from sqlalchemy import select

from ivr.tickets.database import Database, DatabaseError
from ivr.tickets.models import CallerLanguage
from ivr.tickets.upsert import upsert

RECALL_SECONDS = 0.2
"""A caller waits no longer than this before the greeting."""

_RETRY = 5.0
_LAST_WORDS = 1.0


class LanguageMemory:
    """Implements ivr.call.Languages. What was chosen lately is in memory; ``run`` brings it to the database.

    Asking the database costs a millisecond of CPU a call, more than all else that the engine does for a short one. So
    while all that a SQLite file holds (which no other engine writes) fits in ``size`` numbers, memory alone is asked.
    """

    def __init__(self, database: Database, *, size: int = 50_000) -> None:
        self._database, self._size = database, size
        self._recent: OrderedDict[str, str] = OrderedDict()
        self._whole = False  # no number is in the database alone
        self._unsaved: dict[str, tuple[str, datetime]] = {}
        self._changed = asyncio.Event()

    def remember(self, caller: str, language: str) -> None:
        """Keep ``language`` for this number (E.164). Never waits, never fails."""
        if not caller:
            return
        self._keep(caller, language)
        if caller in self._unsaved or len(self._unsaved) < self._size:
            self._unsaved[caller] = language, datetime.now(UTC)
        self._changed.set()

    async def recall(self, caller: str) -> str | None:
        """The language, None when unknown or not told within 200 ms."""
        if caller in self._recent:
            self._recent.move_to_end(caller)
            return self._recent[caller]
        if self._whole:
            return None
        found = None
        with contextlib.suppress(DatabaseError, TimeoutError):
            async with asyncio.timeout(RECALL_SECONDS), self._database.read() as session:
                found = await session.scalar(select(CallerLanguage.language).where(CallerLanguage.caller == caller))
        if found is not None:
            self._keep(caller, found)
        return found

    async def run(self) -> None:
        """Save what is remembered, until cancelled; then once more."""
        with contextlib.suppress(DatabaseError):
            await self.load()
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                await self._save_patiently()
        finally:
            with contextlib.suppress(DatabaseError, TimeoutError):
                async with asyncio.timeout(_LAST_WORDS):
                    await self.save()

    async def load(self) -> None:
        """Take what was chosen latest into memory. Raises DatabaseError."""
        latest = select(CallerLanguage.caller, CallerLanguage.language).order_by(CallerLanguage.at.desc())
        async with self._database.read() as session:
            rows = (await session.execute(latest.limit(self._size + 1))).all()
        self._whole = self._database.sqlite and len(rows) <= self._size
        chosen, self._recent = self._recent, OrderedDict()
        for caller, language in (*reversed(rows), *chosen.items()):
            self._keep(caller, language)

    async def save(self) -> None:
        """Bring to the database what is not there yet. Raises DatabaseError."""
        saving = dict(self._unsaved)
        if not saving:
            return
        rows = [{"caller": caller, "language": language, "at": at} for caller, (language, at) in saving.items()]
        async with self._database.write() as session:
            await upsert(session, CallerLanguage, ("caller",), rows)
        for caller, saved in saving.items():
            if self._unsaved.get(caller) == saved:
                del self._unsaved[caller]

    async def _save_patiently(self) -> None:
        try:
            await self.save()
        except DatabaseError:
            self._changed.set()
            await asyncio.sleep(_RETRY)

    def _keep(self, caller: str, language: str) -> None:
        self._recent[caller] = language
        self._recent.move_to_end(caller)
        if len(self._recent) > self._size:
            self._recent.popitem(last=False)
            self._whole = False
