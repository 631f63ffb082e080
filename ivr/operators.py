"""Operators as the hotline knows them: the row, the place in the routing and the phone, changed together."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from ivr.flow.roster import Roster
from ivr.operator_phones import Phones, Publication
from ivr.operator_store import OperatorStore
from ivr.rostered import SERVES, kept_from, refuse_skills, rostered, routed
from ivr.rota import SHIFT_OVER
from ivr.sip_digest import ha1
from ivr.tickets.faults import DatabaseError
from ivr.tickets.operators import OperatorRecord
from routing.model import Needs, Operator, OperatorState
from routing.ports import Routing
from routing.states import ON_DUTY
from routing.views import OperatorView

_log = structlog.get_logger(__name__)

NEW = "new"
"""Why an operator who was just added is not ready."""


class OperatorExists(Exception):
    """There is an operator of that id already."""


class OperatorUnknown(Exception):
    """There is no operator of that id."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An operator, with everything a supervisor wants to see. ``registered``: None when it is not known.

    ``rostered``: operators.yaml says what they know.
    """

    record: OperatorRecord
    now: OperatorView
    registered: bool | None = None
    rostered: bool = False


class OperatorDirectory:
    """The one way to change operators: the row, then the routing, then Asterisk. ``run`` tries again what failed.

    ``retry``: seconds until what the database or Asterisk refused is tried again.
    """

    def __init__(self, store: OperatorStore, routing: Routing, phones: Phones, *, retry: float = 5.0) -> None:
        self._store, self._routing, self._phones, self._retry = store, routing, phones, retry
        self._records: dict[str, OperatorRecord] = {}
        self._roster: Roster = {}
        self._queues: Collection[str] = ()
        self._kept_from: Collection[str] = ()
        self._declared: Collection[str] | None = None
        self._publication = Publication(phones)
        self._changing = asyncio.Lock()
        self._wake = asyncio.Event()
        self._wake.set()
        self.loaded = False

    @property
    def published(self) -> bool:
        """Whether Asterisk knows the latest."""
        return self._publication.current

    async def load(self) -> None:
        """Every operator of the database joins the routing, as ready as they were. Raises DatabaseError."""
        async with self._changing:
            await self._load()
        await self.publish()

    def recall(self, records: Sequence[OperatorRecord]) -> None:
        """These were the operators when the database was last there: callers reach them until ``load`` has worked."""
        for record in records:
            self._join(record)

    def follow(self, roster: Roster, queues: Collection[str], declared: Collection[str] | None = None) -> None:
        """What operators know, and which queues they serve, from now on; calls that are at them go on.

        ``declared``: the skills that there are; None where every name is one.
        """
        self._declared = declared
        self._roster, self._queues, self._kept_from = roster, tuple(queues), kept_from(queues, roster)
        for record in self._records.values():
            self._routing.change(self._routed(record))

    def demand(self, queue: str, needs: Needs) -> Needs:
        """What a caller in the queue needs; where not everybody serves it, somebody who does."""
        return {**needs, SERVES + queue: 1} if queue in self._kept_from else needs

    def shift_over(self, ids: Iterable[str]) -> None:
        """These operators take no further call until they are ready again; the one that is at them goes on."""
        on_duty = {view.id for view in self._routing.operators() if view.state in ON_DUTY}
        for id in on_duty.intersection(ids):
            self._routing.not_ready(id, SHIFT_OVER)

    async def everybody(self) -> list[Listed]:
        """Every operator, by id."""
        registered = await self._phones.registered()
        now = {view.id: view for view in self._routing.operators()}
        return [
            Listed(
                rostered(record, self._roster),
                now[id],
                None if registered is None else id in registered,
                id in self._roster,
            )
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
            refuse_skills(id, skills, self._roster, self._declared)
            record = await self._store.add(id, name, skills, password)
            self._records[id] = record
            self._routing.join(self._routed(record), reason=NEW)
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
            refuse_skills(id, skills, self._roster, self._declared)
            record = await self._store.change(id, name=name, skills=skills, password=password)
            self._records[id] = record
            self._routing.change(self._routed(record))
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

    async def browser_phone(self, id: str) -> str | None:
        """The operator's phone is one in a page: its password, this once; None while Asterisk cannot be told.

        Raises OperatorUnknown.
        """
        self._require(id)
        password = secrets.token_urlsafe(24)
        self._phones.use_browser(id, ha1(id, password))
        return password if await self.publish() else None

    async def own_phone(self, id: str) -> None:
        """The operator's phone is their own again. Raises OperatorUnknown."""
        self._require(id)
        self._phones.use_browser(id, None)
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
        told = await self._publication.tell(self._records.values())
        if not told:
            self._wake.set()
        return told

    def asterisk_came_back(self) -> None:
        """A connection to Asterisk is new: it may know other operators. Never waits."""
        self._publication.current = False
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
                self._routing.change(self._routed(record))
            else:
                self._join(record)
        self.loaded = True

    def _join(self, record: OperatorRecord) -> None:
        self._records[record.id] = record
        ready = record.state == OperatorState.READY
        self._routing.join(self._routed(record), ready, "" if ready else record.reason or NEW)

    def _routed(self, record: OperatorRecord) -> Operator:
        return routed(record, self._roster, self._queues)

    def _require(self, id: str) -> None:
        if id not in self._records:
            raise OperatorUnknown(id)
