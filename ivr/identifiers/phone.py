"""A telephone number, of Russia in ten or eleven digits or of another country with its code; kept in E.164."""

from __future__ import annotations

import phonenumbers

from ivr.identifiers.registry import Identifier, register
from ivr.numbers import normalise

LENGTHS = tuple(range(10, 19))
"""From a Russian number without its 8 to E.164's longest behind 810."""


def is_valid(digits: str) -> bool:
    """Whether the digits are a number that somebody can have, by its country's plan of numbers."""
    number = normalise(digits) if len(digits) in LENGTHS and digits.isascii() and digits.isdigit() else None
    return number is not None and phonenumbers.is_valid_number(phonenumbers.parse(number))


def e164(digits: str) -> str:
    """However it was keyed, one number is kept and searched for in one form."""
    return normalise(digits) or digits


phone = register(
    Identifier("phone", lengths=LENGTHS, groups=(3, 3, 2, 2), from_end=True, check=is_valid, normal=e164, shown=3)
)


def as_dialled(number: str) -> tuple[str, ...]:
    """The groups of a number in E.164, without its plus; a Russian one as it is dialled there, with its 8."""
    plain = number.removeprefix("+")
    return phone.grouped("8" + plain[1:] if plain.startswith("7") and len(plain) == 11 else plain)
