"""Operators as the database keeps them: name, skills, their phone's secret, and where they last stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from ivr.messages import Message
from ivr.sip_digest import ha1
from ivr.tickets.database import Database
from ivr.tickets.models import OperatorRow

_ID = re.compile(r"(?!kommutator)[a-z][a-z0-9-]{0,31}")
_SKILL = re.compile(r"[a-z][a-z0-9.-]{0,63}")


class OperatorRefused(ValueError):
    """What was asked of an operator's record cannot be; the message says why and what would do."""


@dataclass(frozen=True, slots=True)
class OperatorRecord:
    """An operator. ``skills``: name -> level 1 to 5, languages as ``language.ru``; ``since``: of ``state`` (s, 1970).

    ``state`` is one of routing.model.OperatorState's values. ``ha1`` is in no repr.
    """

    id: str
    name: str
    skills: dict[str, int]
    ha1: str
    state: str
    reason: str
    since: float

    def __repr__(self) -> str:
        return f"OperatorRecord({self.id!r}, {self.state!r})"


def skills_of(skills: Mapping[str, int], languages: Iterable[str] = (), level: int = 5) -> dict[str, int]:
    """``skills`` with each language as the skill ``language.xx``. Raises OperatorRefused."""
    every = {
        **skills,
        **{f"language.{language}": level for language in languages if f"language.{language}" not in skills},
    }
    for name, value in every.items():
        if not _SKILL.fullmatch(name):
            raise OperatorRefused(Message("skill-misspelt", skill=repr(name)))
        if not 1 <= value <= 5:
            raise OperatorRefused(Message("skill-level", skill=name, level=value))
    return every


class Operators:
    """The operators' records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, operator: str, name: str, skills: Mapping[str, int], password: str, languages: Iterable[str] = ()
    ) -> OperatorRecord:
        """A new operator, offline. Raises OperatorRefused, also when the id is taken; DatabaseError."""
        row = OperatorRow(
            id=checked_id(operator),
            name=checked_name(name),
            skills=skills_of(skills, languages),
            ha1=ha1(operator, checked_password(password)),
            state="offline",
            reason="",
            since=datetime.now(UTC),
        )
        try:
            async with self._database.write() as session:
                session.add(row)
        except IntegrityError:
            raise OperatorRefused(Message("operator-id-taken", id=repr(operator))) from None
        return _record(row)

    async def change(
        self,
        operator: str,
        *,
        name: str | None = None,
        skills: Mapping[str, int] | None = None,
        password: str | None = None,
    ) -> OperatorRecord:
        """Change what is given; ``skills`` replace all, languages included. Raises OperatorRefused, DatabaseError."""
        async with self._database.write() as session:
            row = _known(operator, await session.get(OperatorRow, operator))
            row.name = row.name if name is None else checked_name(name)
            row.skills = row.skills if skills is None else skills_of(skills)
            row.ha1 = row.ha1 if password is None else ha1(operator, checked_password(password))
        return _record(row)

    async def set_state(self, operator: str, state: str, reason: str = "", since: float | None = None) -> None:
        """Keep where the operator stands, so that a restart finds them there. Raises OperatorRefused, DatabaseError."""
        async with self._database.write() as session:
            row = _known(operator, await session.get(OperatorRow, operator))
            row.state, row.reason = state, reason
            row.since = datetime.now(UTC) if since is None else datetime.fromtimestamp(since, UTC)

    async def get(self, operator: str) -> OperatorRecord | None:
        """The operator, None when there is none. Raises DatabaseError."""
        async with self._database.read() as session:
            row = await session.get(OperatorRow, operator)
        return None if row is None else _record(row)

    async def list(self) -> list[OperatorRecord]:
        """Every operator by id. Raises DatabaseError."""
        async with self._database.read() as session:
            return [_record(row) for row in await session.scalars(select(OperatorRow).order_by(OperatorRow.id))]

    async def remove(self, operator: str) -> bool:
        """Whether there was such an operator to remove; their tickets keep the id. Raises DatabaseError."""
        async with self._database.write() as session:
            query = delete(OperatorRow).where(OperatorRow.id == operator).returning(OperatorRow.id)
            return (await session.execute(query)).first() is not None


def _record(row: OperatorRow) -> OperatorRecord:
    return OperatorRecord(row.id, row.name, dict(row.skills), row.ha1, row.state, row.reason, row.since.timestamp())


def _known(operator: str, row: OperatorRow | None) -> OperatorRow:
    if row is None:
        raise OperatorRefused(Message("operator-id-unknown", id=repr(operator)))
    return row


def checked_id(operator: str) -> str:
    """An operator's id that can be one. Raises OperatorRefused."""
    if not _ID.fullmatch(operator):
        raise OperatorRefused(Message("operator-id-misspelt", id=repr(operator)))
    return operator


def checked_name(name: str) -> str:
    """An operator's name, trimmed. Raises OperatorRefused."""
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise OperatorRefused(Message("operator-name-wrong"))
    return name.strip()


def checked_password(password: str) -> str:
    """A phone's password that will do. Raises OperatorRefused."""
    if len(password) < 8 or not password.isprintable():
        raise OperatorRefused(Message("password-short"))
    return password
