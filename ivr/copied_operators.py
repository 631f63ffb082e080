"""The operators' records with a copy in a file, so that callers reach people when the engine starts without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import structlog

from ivr.operator_store import OperatorStore
from ivr.private_file import write_private
from ivr.tickets.operators import OperatorRecord

_log = structlog.get_logger(__name__)

COPY = "operators.json"
"""In IVR_STATE, for this user's eyes only."""


class CopiedOperators:
    """An OperatorStore: another one's records, copied to a file."""

    def __init__(self, operators: OperatorStore, state: Path) -> None:
        self._operators, self._path = operators, state / COPY
        self._kept: dict[str, OperatorRecord] = {record.id: record for record in self.copied()}

    def copied(self) -> Sequence[OperatorRecord]:
        """Every operator as the copy has them; nobody when there is none that can be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=list[OperatorRecord])
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("operators: their copy cannot be read", file=str(self._path), error=type(error).__name__)
            return []

    async def list(self) -> Sequence[OperatorRecord]:
        """Every operator, by id. Raises DatabaseError."""
        records = await self._operators.list()
        self._keep({record.id: record for record in records})
        return records

    async def add(self, operator: str, name: str, skills: Mapping[str, int], password: str) -> OperatorRecord:
        """A new operator, offline. Raises OperatorRefused, DatabaseError."""
        record = await self._operators.add(operator, name, skills, password)
        self._keep(self._kept | {record.id: record})
        return record

    async def change(
        self,
        operator: str,
        *,
        name: str | None = None,
        skills: Mapping[str, int] | None = None,
        password: str | None = None,
    ) -> OperatorRecord:
        """Other values for what is not None. Raises OperatorRefused, DatabaseError."""
        record = await self._operators.change(operator, name=name, skills=skills, password=password)
        self._keep(self._kept | {record.id: record})
        return record

    async def remove(self, operator: str) -> bool:
        """The operator is no more; whether there was one. Raises DatabaseError."""
        removed = await self._operators.remove(operator)
        self._keep({id: record for id, record in self._kept.items() if id != operator})
        return removed

    async def set_state(self, operator: str, state: str, reason: str = "", since: float | None = None) -> None:
        """Where the operator stands; the copy knows it even while the database is away.

        Raises OperatorRefused, DatabaseError.
        """
        known = self._kept.get(operator)
        if known is not None:
            self._keep(self._kept | {operator: replace(known, state=state, reason=reason, since=since or known.since)})
        await self._operators.set_state(operator, state, reason, since)

    def _keep(self, records: dict[str, OperatorRecord]) -> None:
        if records == self._kept:
            return
        self._kept = records
        try:
            write_private(self._path, msgspec.json.encode([records[id] for id in sorted(records)]).decode())
        except OSError as error:
            _log.warning("operators: their copy cannot be written", file=str(self._path), error=error.strerror)
