"""Which tickets a list holds, in which order, and where its next page begins: by a key, never by counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, TextClause, select, text, tuple_
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from ivr.tickets.models import Ticket, TicketIdentifier
from ivr.tickets.statuses import OPEN
from ivr.tickets.texts import TicketText, holding, place


class Sort(StrEnum):
    """Orders of a list. ``due``: the most urgent first, of those alone that have a term that runs."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets; None and () leave a field open. ``caller``: E.164; ``since`` to before ``until``: aware.

    ``words``: all of them, in any form, in its demand, comments or outcome; ``version``: how it begins; ``digests``: an
    identifier as ivr.tickets.vault.Vault.digests gives it.
    """

    caller: str | None = None
    status: str | None = None
    operator: str | None = None
    section: str | None = None
    category: str | None = None
    region: str | None = None
    line: str | None = None
    queue: str | None = None
    channel: str | None = None
    assignee: str | None = None
    level: str | None = None
    end: str | None = None
    version: str | None = None
    words: str | None = None
    sort: Sort = Sort.NEWEST
    open_only: bool = False
    since: datetime | None = None
    until: datetime | None = None
    digests: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets. ``next``: what to give as ``after`` for the following page; None at the end."""

    tickets: list[Ticket]
    next: str | None


def statement(wanted: Filter, backend: str, limit: int, after: str | None) -> Select[Ticket]:
    """The tickets that are wanted, ``limit`` of them behind ``after``. Raises ValueError for a wrong ``after``."""
    query = select(Ticket).where(*_conditions(wanted)).options(selectinload(Ticket.identifiers)).limit(limit)
    start = None if after is None else _start(after)
    if wanted.words is not None:  # the index of words knows places alone, so that common words need no sorting
        query, lies = holding(query.join(TicketText, TicketText.number == Ticket.number), wanted.words, backend)
        return (query if start is None else query.where(lies < place(*start))).order_by(lies.desc())
    moment = _moment(wanted.sort)
    if wanted.sort is Sort.NEWEST:
        query = query if start is None else query.where(tuple_(moment, Ticket.number) < start)
        return query.order_by(moment.desc(), Ticket.number.desc())
    query = query.where(moment.is_not(None))
    query = query if start is None else query.where(tuple_(moment, Ticket.number) > start)
    return query.order_by(moment, Ticket.number)


def _moment(sort: Sort) -> InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]:
    return Ticket.due_at if sort is Sort.DUE else Ticket.registered_at


def key(ticket: Ticket, sort: Sort) -> str:
    """A place in the list, opaque to whoever is given it."""
    moment = ticket.due_at if sort is Sort.DUE else ticket.registered_at
    assert moment is not None
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{ticket.number}"


def _conditions(wanted: Filter) -> list[ColumnElement[bool] | TextClause]:
    equal = (
        "caller", "status", "operator", "section", "category", "region", "line", "queue", "end",
        "channel", "assignee", "level",
    )  # fmt: skip
    conditions: list[ColumnElement[bool] | TextClause] = [
        getattr(Ticket, name) == value for name in equal if (value := getattr(wanted, name)) is not None
    ]
    if wanted.assignee:  # in these very words, or SQLite does not see that its partial index holds them all
        conditions.append(text("tickets.assignee <> ''"))
    if wanted.open_only:
        conditions.append(Ticket.status.in_(OPEN))
    if wanted.version is not None:
        conditions.append(Ticket.version.startswith(wanted.version, autoescape=True))
    if wanted.since is not None:
        conditions.append(Ticket.registered_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Ticket.registered_at < wanted.until)
    if wanted.digests:
        given = select(TicketIdentifier.number).where(TicketIdentifier.digest.in_(wanted.digests))
        conditions.append(Ticket.number.in_(given))
    return conditions


def _start(key: str) -> tuple[datetime, int]:
    moment, _, number = key.partition("-")
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(number)
    except ValueError:
        raise ValueError(f"{key!r} is no place in the list: give what the page before said") from None
