"""The tickets of a benchmark's calls: those that are as they should be, and how the others came out."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any

from bench.hotline import Hotline

_RIGHT = """"end" = 'completed' AND number IN (SELECT number FROM ticket_identifiers WHERE kind = 'snils')"""


def right(it: Hotline) -> int:
    """Tickets of calls that came to their goodbye with the caller identified."""
    [(count,)] = _read(it, f"SELECT count(*) FROM tickets WHERE {_RIGHT}")
    return int(count)


def otherwise(it: Hotline) -> Counter[str]:
    """The others: how they ended and where, ``caller-hung-up in snils``, with their number."""
    rows = _read(it, f"""SELECT coalesce("end", 'not ended'), path FROM tickets WHERE NOT coalesce({_RIGHT}, 0)""")
    return Counter(f"{end} at {path}" for end, path in rows)


def _read(it: Hotline, query: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(f"file:{it.settings.state / 'kommutator.db'}?mode=ro", uri=True)
    try:
        return list(database.execute(query))
    finally:
        database.close()
