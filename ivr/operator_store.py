"""Where operators' records are kept: the database, or the database with a copy beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ivr.tickets.operators import OperatorRecord


class OperatorStore(Protocol):
    """Every method raises DatabaseError; OperatorRefused when there is no such operator, or the value cannot be."""

    async def list(self) -> Sequence[OperatorRecord]:
        """Every operator, by id."""
        ...

    async def add(self, operator: str, name: str, skills: Mapping[str, int], password: str) -> OperatorRecord:
        """A new operator, offline."""
        ...

    async def change(
        self,
        operator: str,
        *,
        name: str | None = None,
        skills: Mapping[str, int] | None = None,
        password: str | None = None,
    ) -> OperatorRecord:
        """Other values for what is not None."""
        ...

    async def remove(self, operator: str) -> bool:
        """The operator is no more; whether there was one."""
        ...

    async def set_state(self, operator: str, state: str, reason: str = "", since: float | None = None) -> None:
        """Where the operator stands, and since when (s since 1970; None: now)."""
        ...
