"""People who sign in: added and changed by an admin; their passwords hashed with Argon2id (RFC 9106)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from ivr.messages import Message
from ivr.tickets.database import Database
from ivr.tickets.people import SessionRow, UserRow
from ivr.tickets.tokens import ROLES

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # as OWASP asks of servers with other work
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=1$pJqC/u5y/tsitYxjy/0YNw$QDzCfwtzRSuttYwCJOcw19bJDAkioVyVZDMLDsnj0KE"
"""Of a password that nobody knows, for when there is no such user: the time of an answer does not tell who there is."""


class UserRefused(ValueError):
    """This cannot be done with this user; a Message says why and what to mend."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in. ``id`` is also the operator's, where they are one. ``created`` is aware."""

    id: str
    name: str
    role: str
    created: datetime


class Users:
    """The people. Every method raises DatabaseError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hashing = asyncio.Semaphore(1)  # each takes a core for a twentieth of a second

    async def add(self, id: str, name: str, role: str, password: str) -> None:
        """A new user. Raises UserRefused for an unknown role or an id that is taken."""
        _check_role(role)
        hashed = await self._hashed(password)
        try:
            async with self._database.write() as session:
                session.add(UserRow(id=id, name=name, role=role, password=hashed, created_at=datetime.now(UTC)))
        except IntegrityError:
            raise UserRefused(Message("user-exists", id=id)) from None

    async def change(
        self, id: str, *, name: str | None = None, role: str | None = None, password: str | None = None
    ) -> None:
        """Other values for what is not None; who signed in before signs in again. Raises UserRefused."""
        values = {"name": name, "role": role, "password": password and await self._hashed(password)}
        given = {key: value for key, value in values.items() if value is not None}
        if role is not None:
            _check_role(role)
        async with self._database.write() as session:
            await session.execute(delete(SessionRow).where(SessionRow.user == id))
            query = update(UserRow).where(UserRow.id == id).values(given or {"id": id}).returning(UserRow.id)
            if (await session.execute(query)).first() is None:
                raise UserRefused(Message("user-unknown", id=id))

    async def remove(self, id: str) -> None:
        """The user signs in no more, and is signed out. Raises UserRefused."""
        async with self._database.write() as session:
            await session.execute(delete(SessionRow).where(SessionRow.user == id))
            if (await session.execute(delete(UserRow).where(UserRow.id == id).returning(UserRow.id))).first() is None:
                raise UserRefused(Message("user-unknown", id=id))

    async def list(self) -> list[User]:
        """Everybody, by id."""
        async with self._database.read() as session:
            return [_user(row) for row in await session.scalars(select(UserRow).order_by(UserRow.id))]

    async def verify(self, id: str, password: str) -> User | None:
        """The user whose password this is; None for any other. Takes as long for nobody as for somebody."""
        async with self._database.read() as session:
            row = await session.get(UserRow, id)
        right = await self._right(row.password if row else _NOBODY, password)
        return _user(row) if row is not None and right else None

    async def _hashed(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(_hasher.hash, password)

    async def _right(self, hashed: str, password: str) -> bool:
        async with self._hashing:
            try:
                return await asyncio.to_thread(_hasher.verify, hashed, password)
            except (VerificationError, InvalidHashError):
                return False


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise UserRefused(Message("role-unknown", role=repr(role), roles=tuple(ROLES)))


def _user(row: UserRow) -> User:
    return User(row.id, row.name, row.role, row.created_at)
