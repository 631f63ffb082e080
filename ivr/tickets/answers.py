"""Answers to requests that may be sent again: a client that heard nothing repeats its key and does nothing twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ivr.tickets.columns import Base
from ivr.tickets.upsert import insert_new

if TYPE_CHECKING:
    from ivr.tickets.database import Database

KEPT = timedelta(hours=24)
"""For how long a key is remembered."""

ABANDONED = timedelta(minutes=2)
"""After which a request without an answer counts as lost, with its engine perhaps."""


class AnswerRow(Base):
    """``key``: a hash of who asked, what for, and their key; ``answer`` is "" while it is being worked on."""

    __tablename__ = "answers"

    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[str]
    answer: Mapped[str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the first request with this key got: ``same``: whether it said the same; ``answer``: "" for none yet."""

    same: bool
    answer: str


class Answers:
    """The answers in the database. Every method raises DatabaseError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, key: str, body: bytes, now: datetime | None = None) -> Kept | None:
        """None: nobody used ``key`` before, and it is taken now; otherwise what came of it."""
        now, said = now or datetime.now(UTC), hashlib.sha256(body).hexdigest()
        gone = (AnswerRow.at < now - KEPT) | ((AnswerRow.answer == "") & (AnswerRow.at < now - ABANDONED))
        async with self._database.write() as session:
            await session.execute(delete(AnswerRow).where(gone))
            if await insert_new(session, AnswerRow, [{"key": key, "at": now, "body": said, "answer": ""}]):
                return None
            row = await session.scalar(select(AnswerRow).where(AnswerRow.key == key))
        return None if row is None else Kept(row.body == said, row.answer)

    async def done(self, key: str, answer: str) -> None:
        """Keep the answer for whoever asks again."""
        async with self._database.write() as session:
            await session.execute(update(AnswerRow).where(AnswerRow.key == key).values(answer=answer))

    async def failed(self, key: str) -> None:
        """Nothing was done: the key may be used again."""
        async with self._database.write() as session:
            await session.execute(delete(AnswerRow).where(AnswerRow.key == key))
