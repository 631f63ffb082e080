"""The tables of people who sign in: users, their sessions, and what is remembered of both for auditors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.tickets.columns import Base, Key


class UserRow(Base):
    """Somebody who signs in; an operator's user has the operator's id. Only a hash of the password is kept."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    password: Mapped[str]
    created_at: Mapped[datetime]


class SessionRow(Base):
    """A signed-in browser: only the hash of what its cookie says is kept."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(String(32), ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AuditRow(Base):
    """One thing that somebody did, for auditors. Rows are added, never changed."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str]
    address: Mapped[str]
