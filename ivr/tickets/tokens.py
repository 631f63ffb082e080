"""Tokens for the API: shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update

from ivr.messages import Message
from ivr.tickets.database import Database
from ivr.tickets.models import TokenRow

ROLES = ("operator", "senior", "supervisor", "admin", "auditor", "service")


class RoleUnknown(ValueError):
    """There is no such role; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed: everything but its secret. Times are aware."""

    id: int
    role: str
    label: str
    created: datetime
    revoked: datetime | None


class Tokens:
    """The tokens. A secret has 256 random bits, so a plain SHA-256 is enough: nobody can guess what to hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, role: str, label: str = "") -> str:
        """A new token's secret, which is shown this once. Raises RoleUnknown, DatabaseError."""
        if role not in ROLES:
            raise RoleUnknown(Message("role-unknown", role=repr(role), roles=tuple(ROLES)))
        secret = f"ivr_{secrets.token_urlsafe(32)}"
        async with self._database.write() as session:
            session.add(
                TokenRow(digest=_digest(secret), role=role, label=label, created_at=datetime.now(UTC), revoked_at=None)
            )
        return secret

    async def check(self, secret: str) -> Token | None:
        """Whose secret this is, None when unknown or revoked. Raises DatabaseError."""
        query = select(TokenRow).where(TokenRow.digest == _digest(secret), TokenRow.revoked_at.is_(None))
        async with self._database.read() as session:
            row = await session.scalar(query)
        return None if row is None else _token(row)

    async def list(self) -> list[Token]:
        """Every token, the newest first. Raises DatabaseError."""
        async with self._database.read() as session:
            return [_token(row) for row in await session.scalars(select(TokenRow).order_by(TokenRow.id.desc()))]

    async def revoke(self, token: int) -> bool:
        """Whether there was such a token, not revoked before. Raises DatabaseError."""
        query = update(TokenRow).where(TokenRow.id == token, TokenRow.revoked_at.is_(None))
        async with self._database.write() as session:
            done = await session.execute(query.values(revoked_at=datetime.now(UTC)).returning(TokenRow.id))
            return done.first() is not None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _token(row: TokenRow) -> Token:
    return Token(row.id, row.role, row.label, row.created_at, row.revoked_at)
