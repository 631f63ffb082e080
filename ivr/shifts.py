"""Who was on duty, kept over a restart: a restarted engine finds its operators as ready as they were."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import structlog

from ivr.tickets.faults import DatabaseError
from ivr.tickets.operators import OperatorRefused
from routing.events import OperatorStateChanged
from routing.model import OperatorState
from routing.states import ON_DUTY

_log = structlog.get_logger(__name__)

RETRY = 5.0
"""Seconds until what the database refused is tried again."""


class StateStore(Protocol):
    """Where operators' states are kept; ivr.tickets.operators.Operators is one."""

    async def set_state(self, operator: str, state: str, reason: str = "", since: float | None = None) -> None:
        """Raises OperatorRefused when there is no such operator, and DatabaseError."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """What the next start is to find: READY for whoever was on duty, else the state, its reason, since when (s)."""

    state: OperatorState
    reason: str
    since: float


class Shifts:
    """The latest state of each operator goes to ``store``; ``run`` brings it there, in its own time."""

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self._changed: dict[str, Kept] = {}
        self._wake = asyncio.Event()

    def remember(self, change: OperatorStateChanged) -> None:
        """An operator's state changed: the dispatcher's ``on_operator``. Never waits.

        Ringing, talking and after-call work are part of being on duty. OFFLINE comes of removal: nothing is kept.
        """
        if change.state is OperatorState.OFFLINE:
            self._changed.pop(change.operator, None)
            return
        on_duty = change.state in ON_DUTY
        state, reason = (OperatorState.READY, "") if on_duty else (change.state, change.reason)
        self._changed[change.operator] = Kept(state, reason, change.since)
        self._wake.set()

    async def run(self) -> None:
        """Keep what changes, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._keep()
            except DatabaseError as error:
                _log.warning("operators' states cannot be kept yet", error=str(error))
                await asyncio.sleep(RETRY)
                self._wake.set()

    async def _keep(self) -> None:
        while self._changed:
            operator, kept = next(iter(self._changed.items()))
            with suppress(OperatorRefused):  # removed meanwhile
                await self._store.set_state(operator, kept.state, kept.reason, kept.since)
            if self._changed.get(operator) is kept:
                del self._changed[operator]
