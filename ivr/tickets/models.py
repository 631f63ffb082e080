"""What the database holds. Times are UTC; a ticket's facts are the fold of its call's events."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.tickets.columns import Base, Key

_DUE, _WORKED = text("due_at IS NOT NULL"), text("assignee <> ''")

CONTACT = "contact-"
"""Begins the kind of a datum by which the applicant can be reached."""


class Ticket(Base):
    """One contact of a citizen. ``caller``, ``called`` are E.164 or ""; ``path`` the nodes passed, ``flow.node``.

    ``version``: of the configuration that the call ran on, the last one when it went on on another; "" before 0005.
    ``call_id``: ``ticket-NUMBER`` for a contact that no call brought. ``revision`` and what follows it, and what is
    listed there, are the fold of the ticket's own events (ivr.tickets.state).
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index(None, "registered_at", "number"),
        Index(None, "caller", "registered_at"),
        Index(None, "status", "registered_at"),
        Index(None, "operator", "registered_at"),
        Index("ix_tickets_due", "due_at", "number", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_tickets_working", "assignee", "registered_at", sqlite_where=_WORKED, postgresql_where=_WORKED),
        Index(
            "ix_tickets_open",
            "call_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    number: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    call_id: Mapped[str] = mapped_column(unique=True)
    registered_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(default="phone")
    line: Mapped[str]
    called: Mapped[str]
    dialled: Mapped[str]
    version: Mapped[str]
    caller: Mapped[str]
    region: Mapped[str]
    language: Mapped[str]
    flow: Mapped[str]
    path: Mapped[list[str]]
    section: Mapped[str]
    category: Mapped[str] = mapped_column(default="", server_default="")
    unidentified: Mapped[str]
    queue: Mapped[str]
    queued_at: Mapped[datetime | None]
    wait_seconds: Mapped[float | None]
    operator: Mapped[str]
    answered_at: Mapped[datetime | None]
    talk_seconds: Mapped[float]
    recording: Mapped[str]
    unrecorded: Mapped[str]
    message: Mapped[str]
    ended_at: Mapped[datetime | None]
    end: Mapped[str | None]
    rating: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="registered")
    status_changed_at: Mapped[datetime]
    expected_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    complexity: Mapped[int] = mapped_column(default=1, server_default="1")
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    assignee: Mapped[str] = mapped_column(default="", server_default="")
    level: Mapped[str] = mapped_column(default="", server_default="")
    first_call_resolved: Mapped[bool | None]

    identifiers: Mapped[list[TicketIdentifier]] = relationship(order_by="TicketIdentifier.position", lazy="raise")
    callback: Mapped[Callback | None] = relationship(lazy="raise")

    @property
    def identifying(self) -> list[TicketIdentifier]:
        """What says who the applicant is; not how they can be reached."""
        return [datum for datum in self.identifiers if not datum.kind.startswith(CONTACT)]


GIVEN = 1000
"""Positions of personal data that people wrote down begin behind it; those of what callers keyed before."""


class TicketIdentifier(Base):
    """A personal datum: shown masked, sealed with AES-GCM, found by its keyed hash.

    ``position``: from 1 of identifiers that the caller keyed; GIVEN and the event's number of what people wrote down.
    ``kind``: with CONTACT before it where it is how the applicant can be reached.
    """

    __tablename__ = "ticket_identifiers"

    number: Mapped[int] = mapped_column(Key, ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    masked: Mapped[str]
    sealed: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)


class Callback(Base):
    """A call back that a ticket's caller asked for, between two moments; ``since``: from when they count as waiting.

    ``status`` is its own, whatever becomes of the ticket: ``waiting`` until somebody calls. The number is sealed as an
    identifier is.
    """

    __tablename__ = "callbacks"
    __table_args__ = (Index(None, "status", "opens_at"),)

    number: Mapped[int] = mapped_column(
        Key, ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    queue: Mapped[str]
    needs: Mapped[dict[str, int]]
    since: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    masked: Mapped[str]
    sealed: Mapped[str]
    digest: Mapped[str]
    status: Mapped[str]


class TicketEventRow(Base):
    """One event of a ticket (ivr.tickets.events), the ``seq``-th from 1. Rows are added, never changed."""

    __tablename__ = "ticket_events"

    number: Mapped[int] = mapped_column(Key, ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[float]
    type: Mapped[str]
    data: Mapped[dict[str, Any]]


class CallEvent(Base):
    """One event of a call's log, as ivr.calllog.events writes it. Rows are added, never changed.

    ``at`` is in seconds since 1970 (UTC) as in the event itself: the busiest table is spared a conversion.
    """

    __tablename__ = "events"
    __table_args__ = (Index(None, "at"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[float]
    type: Mapped[str]
    data: Mapped[dict[str, Any]]


class NumberCounter(Base):
    """The one row that says which ticket number (without check digit) no block has reserved yet."""

    __tablename__ = "number_counter"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next: Mapped[int] = mapped_column(Key)


class NumberBlock(Base):
    """Reserved numbers (without check digit) that a clean stop has given back."""

    __tablename__ = "number_blocks"

    first: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Key)


class OperatorRow(Base):
    """An operator. ``ha1`` is MD5(id:realm:password), which SIP digest needs; the password is stored nowhere."""

    __tablename__ = "operators"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    skills: Mapped[dict[str, int]]
    ha1: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    since: Mapped[datetime]


class TokenRow(Base):
    """A token for the API: only its hash is kept."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    label: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class CallerLanguage(Base):
    """The language that a caller's number (E.164) chose last."""

    __tablename__ = "caller_languages"

    caller: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str]
    at: Mapped[datetime]
