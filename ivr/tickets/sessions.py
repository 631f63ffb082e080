"""Signed-in browsers: an opaque secret each, kept as a hash, worthless after a shift."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from ivr.tickets.database import Database
from ivr.tickets.people import SessionRow, UserRow
from ivr.tickets.users import User

HOURS = 12
"""How long a session lasts: a long shift. Nothing prolongs it."""

MOST = 20
"""Sessions of one user; the oldest goes when there are more."""


class Sessions:
    """The sessions. A secret has 256 random bits, so a plain SHA-256 is enough. Every method raises DatabaseError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, user: str) -> str:
        """A new session's secret; what has expired is swept away."""
        secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
        older = select(SessionRow.digest).where(SessionRow.user == user)
        async with self._database.write() as session:
            await session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
            newest = older.order_by(SessionRow.created_at.desc()).offset(MOST - 1)
            for digest in list(await session.scalars(newest)):
                await session.execute(delete(SessionRow).where(SessionRow.digest == digest))
            expires = now + timedelta(hours=HOURS)
            session.add(SessionRow(digest=_digest(secret), user=user, created_at=now, expires_at=expires))
        return secret

    async def check(self, secret: str) -> User | None:
        """Whose session this is; None when unknown, expired or closed."""
        query = (
            select(UserRow)
            .join(SessionRow, SessionRow.user == UserRow.id)
            .where(SessionRow.digest == _digest(secret), SessionRow.expires_at > datetime.now(UTC))
        )
        async with self._database.read() as session:
            row = await session.scalar(query)
        return None if row is None else User(row.id, row.name, row.role, row.created_at)

    async def close(self, secret: str) -> None:
        """The session is worthless from now on. Harmless for an unknown one."""
        async with self._database.write() as session:
            await session.execute(delete(SessionRow).where(SessionRow.digest == _digest(secret)))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
