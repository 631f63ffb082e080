"""What is written in tickets, found by words in any of their forms: Russian ones, and English among them.

SQLite's FTS5 holds stems of our making (Snowball), PostgreSQL's tsvector those of its own ``russian`` configuration,
which is Snowball too. Rows lie in the order of registration, so that the newest with a common word are the first found.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import Stemmer
from sqlalchemy import ColumnElement, ForeignKey, Integer, Select, Text, column, delete, func, insert, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from ivr.tickets.columns import Base, Key
from ivr.tickets.state import TicketState

_WORD = re.compile(r"\w+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FOUND = table("ticket_words", column("rowid", Integer), column("ticket_words"))
"""SQLite's index over ticket_texts.words."""

_MOST_WORDS = 16

Rows = TypeVar("Rows")
Place = ColumnElement[int] | InstrumentedAttribute[int]


class TicketText(Base):
    """A ticket's words. ``place``: when it was registered, in microseconds, and the number's last three digits."""

    __tablename__ = "ticket_texts"

    place: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Key, ForeignKey("tickets.number", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


def place(registered: datetime, number: int) -> int:
    """Where the ticket lies among the texts."""
    return (registered - _EPOCH) // timedelta(microseconds=1) * 1000 + number % 1000


def written(state: TicketState) -> str:
    """All that people wrote of the ticket and may search for."""
    outcome = [state.outcome.outcome] if state.outcome else []
    return "\n".join([state.demand, *outcome, *(each.text for each in state.comments)])


async def keep(session: AsyncSession, number: int, state: TicketState) -> None:
    """Have the ticket found by what is written of it now."""
    row = text_row(number, datetime.fromtimestamp(state.registered, UTC), written(state))
    if session.get_bind().dialect.name == "postgresql":
        words: Any = func.to_tsvector("russian", row["words"])
    else:
        words = stems(row["words"])
    await session.execute(delete(TicketText).where(TicketText.number == number))
    await session.execute(insert(TicketText).values(**{**row, "words": words}))


def text_row(number: int, registered: datetime, words: str) -> dict[str, Any]:
    """The row, its words as they are written."""
    return {"place": place(registered, number), "number": number, "words": _plain(words)}


def holding(query: Select[Rows], words: str, backend: str) -> tuple[Select[Rows], Place]:
    """``query``, which has joined TicketText, for texts that hold all of ``words``; and the place to sort it by."""
    if backend == "postgresql":
        asked = func.plainto_tsquery("russian", _plain(words))
        return query.where(TicketText.words.op("@@")(asked)), TicketText.place
    wanted = [f'"{stem}"' for stem in stems(words).split()[:_MOST_WORDS]]
    matching = _FOUND.c.ticket_words.op("MATCH")(" AND ".join(wanted) or '""')
    return query.join(_FOUND, _FOUND.c.rowid == TicketText.place).where(matching), _FOUND.c.rowid


def stems(words: str) -> str:
    """The stem of each word, in lower case, between spaces."""
    russian, english = _stemmers()
    return " ".join(
        (russian if "а" <= word[0] <= "я" else english).stemWord(word) for word in _WORD.findall(_plain(words))
    )


def _plain(words: str) -> str:
    """In lower case, which not every locale of PostgreSQL's knows to make; ё is written as е as often as not."""
    return words.lower().replace("ё", "е")


@cache
def _stemmers() -> tuple[Stemmer.Stemmer, Stemmer.Stemmer]:
    return Stemmer.Stemmer("russian"), Stemmer.Stemmer("english")
