"""Operators' states, kept in the database so that the next start finds everybody where they were."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from ivr.operator_store import OperatorStore
from ivr.tickets.faults import DatabaseError
from ivr.tickets.operators import OperatorRefused
from routing.events import OperatorStateChanged
from routing.model import OperatorState
from routing.states import ON_DUTY

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Kept:
    state: str
    reason: str


class Shifts:
    """Writes down what the next start is to find: READY for whoever was on duty, else the state and its reason.

    ``remember`` is the dispatcher's ``on_operator``; a conversation costs no write. ``retry``: seconds until what
    the database refused is tried again.
    """

    def __init__(self, store: OperatorStore, *, retry: float = 5.0) -> None:
        self._store, self._retry = store, retry
        self._kept: dict[str, _Kept] = {}
        self._changed: dict[str, tuple[_Kept, float]] = {}
        self._wake = asyncio.Event()
        self.heard: Callable[[OperatorStateChanged], None] = lambda _: None
        """Is told of each change, too. Never waits."""

    @property
    def settled(self) -> bool:
        """Whether the database has everything."""
        return not self._changed

    def remember(self, change: OperatorStateChanged) -> None:
        """An operator's state changed. Never waits."""
        self.heard(change)
        if change.state is OperatorState.OFFLINE:  # gone from the roster, and the row with them
            self._changed.pop(change.operator, None)
            self._kept.pop(change.operator, None)
            return
        on_duty = change.state in ON_DUTY
        kept = _Kept(OperatorState.READY, "") if on_duty else _Kept(change.state, change.reason)
        self._changed[change.operator] = (kept, change.since)
        self._wake.set()

    async def run(self) -> None:
        """Write until cancelled, and then what is left."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                if not await self._write():
                    self._wake.set()
                    await asyncio.sleep(self._retry)
        finally:
            await self._write()

    async def _write(self) -> bool:
        """Whether everything is in the database now."""
        try:
            while self._changed:
                id, changed = next(iter(self._changed.items()))
                await self._keep(id, *changed)
                if self._changed.get(id) is changed:
                    del self._changed[id]
        except DatabaseError as error:
            _log.warning("operators: states are not kept yet", error=str(error))
            return False
        return True

    async def _keep(self, id: str, kept: _Kept, since: float) -> None:
        if self._kept.get(id) == kept:
            return
        try:
            await self._store.set_state(id, kept.state, kept.reason, since)
        except OperatorRefused:  # removed meanwhile
            return
        self._kept[id] = kept
