"""How long an answer may take: hours, or working days, as an admin writes it and as a call's events keep it."""

from __future__ import annotations

import re
from typing import NamedTuple

from ivr.messages import Message, Unfit

_TERM = re.compile(r"(?:(\d{1,3})\s*-\s*)?(\d{1,3})\s*(h|working days?)")


class Term(NamedTuple):
    """``amount`` hours, or working days of the production calendar."""

    amount: int
    in_days: bool

    def __str__(self) -> str:
        if not self.in_days:
            return f"{self.amount}h"
        return f"{self.amount} working day{'s' if self.amount > 1 else ''}"


class Terms(NamedTuple):
    """From ``least`` to ``most``, which is what is promised."""

    least: Term
    most: Term

    def __contains__(self, term: object) -> bool:
        return isinstance(term, Term) and term.in_days == self.most.in_days and self.least <= term <= self.most

    def __str__(self) -> str:
        return str(self.most) if self.least == self.most else f"{self.least.amount}-{self.most}"


def read_terms(words: str) -> Terms:
    """``24h`` or ``3-7 working days``. Raises Unfit."""
    match = _TERM.fullmatch(words)
    if match is None or int(match[2]) == 0:
        raise Unfit(Message("no-deadline", written=words), Message("write-deadline"))
    most = Term(int(match[2]), match[3] != "h")
    least = most if match[1] is None else most._replace(amount=int(match[1]))
    if not 0 < least.amount <= most.amount:
        raise Unfit(Message("no-deadline", written=words), Message("shorter-deadline-first"))
    return Terms(least, most)


def read_term(words: str) -> Term:
    """``24h`` or ``7 working days``. Raises Unfit."""
    terms = read_terms(words)
    if terms.least != terms.most:
        raise Unfit(Message("no-deadline", written=words), Message("write-one-deadline", most=str(terms.most)))
    return terms.most
