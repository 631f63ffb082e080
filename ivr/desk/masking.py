"""What leaves of a person: identifiers masked for everybody, the caller's number whole only to those who need it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ivr.desk.fields import View
from ivr.desk.roles import SEES_PHONE, Role


class Identification(View):
    """An identifier that a caller gave: its kind, and its masked form."""

    kind: str
    masked: str


class Masked(Protocol):
    """An identifier as the log or the database has it."""

    @property
    def kind(self) -> str:
        """``snils``, ``ticket-number`` and so on."""
        ...

    @property
    def masked(self) -> str:
        """What may be shown."""
        ...


def identification(given: Iterable[Masked]) -> list[Identification]:
    """What may be shown of these identifiers."""
    return [Identification(kind=each.kind, masked=each.masked) for each in given]


def phone(number: str, role: Role) -> str:
    """The number (E.164) as this role sees it: whole, or its last two digits."""
    if role in SEES_PHONE or not number:
        return number
    return f"{'*' * max(0, len(number) - 2)}{number[-2:]}"
