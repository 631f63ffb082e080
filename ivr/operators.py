"""Operators as the hotline knows them: the row, the place in the routing and the phone, changed together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from ivr.operator_store import OperatorStore
from ivr.tickets.faults import DatabaseError
from ivr.tickets.operators import OperatorRecord
from routing.dispatcher import Dispatcher
from routing.model import Operator, OperatorState
from routing.views import OperatorView

_log = structlog.get_logger(__name__)

NEW = "new"
"""Why an operator who was just added is not ready."""

PUBLISH_SECONDS = 10.0
"""How long Asterisk may take to learn of a change."""


class OperatorExists(Exception):
    """There is an operator of that id already."""


class OperatorUnknown(Exception):
    """There is no operator of that id."""


class Phones(Protocol):
    """Operators' phones at Asterisk."""

    async def publish(self, operators: Sequence[OperatorRecord]) -> None:
        """Asterisk knows exactly these operators from now on. May raise anything; it is tried again."""
        ...

    async def registered(self) -> frozenset[str] | None:
        """Operators whose phone is registered now; None when Asterisk cannot be asked. Returns within seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """An operator, with everything a supervisor wants to see. ``registered``: None when it is not known."""

    record: OperatorRecord
    now: OperatorView
    registered: bool | None = None


class OperatorDirectory:
    """The one way to change operators: the row, then the routing, then Asterisk. ``run`` tries again what failed.

    ``retry``: seconds until what the database or Asterisk refused is tried again.
    """

    def __init__(self, store: OperatorStore, routing: Dispatcher, phones: Phones, *, retry: float = 5.0) -> None:
        self._store, self._routing, self._phones, self._retry = store, routing, phones, retry
        self._records: dict[str, OperatorRecord] = {}
        self._changing, self._publishing = asyncio.Lock(), asyncio.Lock()
        self._wake = asyncio.Event()
        self._wake.set()
        self.loaded = False
        self.published = False

    async def load(self) -> None:
        """Every operator of the database joins the routing, as ready as they were. Raises DatabaseError."""
        async with self._changing:
            await self._load()
        await self.publish()

    def recall(self, records: Sequence[OperatorRecord]) -> None:
        """These were the operators when the database was last there: callers reach them until ``load`` has worked."""
        for record in records:
            self._join(record)

    async def everybody(self) -> list[Listed]:
        """Every operator, by id."""
        registered = await self._phones.registered()
        now = {view.id: view for view in self._routing.operators()}
        return [
            Listed(record, now[id], None if registered is None else id in registered)
            for id, record in sorted(self._records.items())
            if id in now
        ]

    async def get(self, id: str) -> Listed:
        """This operator. Raises OperatorUnknown."""
        for listed in await self.everybody():
            if listed.record.id == id:
                return listed
        raise OperatorUnknown(id)

    async def add(self, id: str, name: str, skills: Mapping[str, int], password: str) -> None:
        """A new operator, not ready. Raises OperatorExists, OperatorRefused, DatabaseError."""
        async with self._changing:
            await self._load()
            if id in self._records:
                raise OperatorExists(id)
            record = await self._store.add(id, name, skills, password)
            self._records[id] = record
            self._routing.join(_operator(record), reason=NEW)
        await self.publish()

    async def change(
        self,
        id: str,
        *,
        name: str | None = None,
        skills: Mapping[str, int] | None = None,
        password: str | None = None,
    ) -> None:
        """Other values for what is not None; a call that is at the operator goes on.

        Raises OperatorUnknown, OperatorRefused, DatabaseError.
        """
        async with self._changing:
            await self._load()
            self._require(id)
            record = await self._store.change(id, name=name, skills=skills, password=password)
            self._records[id] = record
            self._routing.change(_operator(record))
        await self.publish()

    async def remove(self, id: str) -> None:
        """The operator goes, after the call that is at them. Raises OperatorUnknown, DatabaseError."""
        async with self._changing:
            await self._load()
            self._require(id)
            await self._store.remove(id)
            del self._records[id]
            self._routing.leave(id)
        await self.publish()

    def ready(self, id: str) -> None:
        """The operator takes calls. Raises OperatorUnknown."""
        self._require(id)
        self._routing.ready(id)

    def not_ready(self, id: str, reason: str) -> None:
        """The operator takes no calls, after the one that is at them. Raises OperatorUnknown."""
        self._require(id)
        self._routing.not_ready(id, reason)

    async def publish(self) -> bool:
        """Let Asterisk know every operator; whether that worked."""
        async with self._publishing:
            try:
                async with asyncio.timeout(PUBLISH_SECONDS):
                    await self._phones.publish(list(self._records.values()))
                self.published = True
            except Exception as error:  # whatever keeps Asterisk from it now may be over soon
                _log.info("operators: Asterisk does not have the latest phones yet", error=str(error) or repr(error))
                self.published = False
                self._wake.set()
        return self.published

    def asterisk_came_back(self) -> None:
        """A connection to Asterisk is new: it may know other operators. Never waits."""
        self.published = False
        self._wake.set()

    async def run(self) -> None:
        """Load, and let Asterisk know, again and again until both have worked; until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.load()
            except DatabaseError as error:
                _log.warning("operators: the database cannot be used yet", error=str(error))
                self._wake.set()
            if self._wake.is_set():
                await asyncio.sleep(self._retry)

    async def _load(self) -> None:
        """Once: before that Asterisk is told of nobody, so that nobody's phone is forgotten by mistake."""
        if self.loaded:
            return
        records = {record.id: record for record in await self._store.list()}
        for id in self._records.keys() - records.keys():
            del self._records[id]
            self._routing.leave(id)
        for id, record in records.items():
            if id in self._records:  # recalled: where they stand now is truer than what the database had
                self._records[id] = record
                self._routing.change(_operator(record))
            else:
                self._join(record)
        self.loaded = True

    def _join(self, record: OperatorRecord) -> None:
        self._records[record.id] = record
        ready = record.state == OperatorState.READY
        self._routing.join(_operator(record), ready, "" if ready else record.reason or NEW)

    def _require(self, id: str) -> None:
        if id not in self._records:
            raise OperatorUnknown(id)


def _operator(record: OperatorRecord) -> Operator:
    return Operator(record.id, dict(record.skills))
