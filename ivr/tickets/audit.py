"""What people did, for auditors: added, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from ivr.tickets.database import Database
from ivr.tickets.people import AuditRow


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done. ``about``: whom or what it concerned; ``address``: where from, "" for a command."""

    id: int
    at: datetime
    who: str
    what: str
    about: str
    address: str


class Audit:
    """The log of deeds. Every method raises DatabaseError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, who: str, what: str, about: str = "", address: str = "") -> None:
        """Remember it."""
        async with self._database.write() as session:
            session.add(AuditRow(at=datetime.now(UTC), who=who, what=what, about=about, address=address))

    async def list(self, limit: int, before: int | None = None) -> list[Deed]:
        """The newest ones, or those older than the deed of the id ``before``."""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        async with self._database.read() as session:
            rows = await session.scalars(query if before is None else query.where(AuditRow.id < before))
            return [Deed(row.id, row.at, row.who, row.what, row.about, row.address) for row in rows]
