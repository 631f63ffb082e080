"""Tickets as random as the hotline's might be, for bench.ticket_search: rows by table, in the order of time."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ivr.tickets.deadlines import expected_on
from ivr.tickets.numbers import with_check_digit
from ivr.tickets.texts import place

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
SECTIONS = ("technical", "registration", "payments", "documents", "account", "feedback")
STATUSES = ("done",) * 94 + ("refused",) * 3 + ("in-progress", "waiting-for-documents", "registered")
COLUMNS = (
    "number", "call_id", "registered_at", "channel", "line", "called", "dialled", "version", "caller", "region",
    "language", "flow", "path", "section", "category", "unidentified", "queue", "queued_at", "wait_seconds", "operator",
    "answered_at", "talk_seconds", "recording", "unrecorded", "message", "ended_at", "end", "rating", "status",
    "status_changed_at", "expected_on", "due_at", "complexity", "priority", "revision", "assignee", "level",
    "first_call_resolved",
)  # fmt: skip

_ROOTS = "штраф паспорт справк кабинет парол запис заявлени выписк пособи налог регистраци машин адрес ребен школ"
_ENDS = ("", "а", "у", "ом", "ами", "ов", "ы", "е")


class Vocabulary:
    """Words whose share falls as in any language: the n-th is met 1/n as often as the first."""

    def __init__(self, chance: random.Random, size: int = 20_000) -> None:
        letters = "абвгдежзиклмнопрстуфхц"
        made = ["".join(chance.choices(letters, k=chance.randint(5, 9))) for _ in range(size)]
        self.words = [*_ROOTS.split(), *made]
        self._weights = list(itertools.accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def text(self, chance: random.Random, count: int) -> str:
        """So many words in some form."""
        found = chance.choices(self.words, cum_weights=self._weights, k=count)
        return " ".join(word + end for word, end in zip(found, chance.choices(_ENDS, k=count), strict=True))


def number_of(index: int) -> int:
    """The number of ticket ``index``."""
    return with_check_digit(1_000_000 + index)


def caller_of(index: int) -> str:
    """One caller in three calls again."""
    return f"+7916{index * 7919 % 700_000:07d}"


def digest_of(index: int) -> str:
    """Stands for a SNILS's keyed hash."""
    return f"{index * 104729 % 800_000:064x}"


def tickets(count: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    """Rows of COLUMNS; moments are aware."""
    for index in range(count):
        at = BEGAN + timedelta(seconds=index * 30)
        status = chance.choice(STATUSES) if index > count * 0.05 else "done"
        due = at + timedelta(days=7) if status in ("in-progress", "registered") else None
        operator = f"op-{chance.randint(1, 400)}"
        yield (
            number_of(index), f"call-{index}", at, "phone", f"line-{chance.randint(1, 11)}", "+78005553535",
            "88005553535", "0123456789ab", caller_of(index), f"{chance.randint(1, 89)}", "ru", "main",
            '["main.welcome", "main.language", "main.menu"]', section := chance.choice(SECTIONS),
            f"{section}-{chance.randint(1, 3)}", "", section, at, 12.0, operator, at, 140.0, "", "", "", at, "answered",
            None, status, at, expected_on(due) if due else date(2025, 1, 10), due, 1, 0, 1,
            operator if due else "", "", None,
        )  # fmt: skip


def texts(count: int, chance: random.Random, vocabulary: Vocabulary) -> Iterator[tuple[int, int, str]]:
    """Place, number, and a demand of twelve words."""
    for index in range(count):
        number = number_of(index)
        yield place(BEGAN + timedelta(seconds=index * 30), number), number, vocabulary.text(chance, 12)
