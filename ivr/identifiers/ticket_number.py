"""A request's number: eight or more digits, the last of them Damm's check digit.

H. M. Damm, Total anti-symmetrische Quasigruppen (2004): one wrong digit and two neighbours swapped are always noticed.
"""

from __future__ import annotations

from stdnum import damm

from ivr.identifiers.registry import Identifier, register

LENGTHS = (8, 9, 14)
"""Not 10 and 12 (INN), 11 (SNILS), 13 and 15 (OGRN), so that a keyed entry tells what it is.

9 follows when all of 8 are used up; 14 is given only while the database is away and every block is used up.
"""


def check_digit(body: str) -> str:
    """The digit that makes ``body`` a valid number when it is appended."""
    return str(damm.calc_check_digit(body))


def is_valid(digits: str) -> bool:
    """Whether ``digits`` are a request's number with the right check digit."""
    plain = digits.isascii() and digits.isdigit() and not digits.startswith("0")
    return plain and len(digits) in LENGTHS and bool(damm.is_valid(digits))


ticket_number = register(
    Identifier("ticket-number", lengths=LENGTHS, groups=(2, 2, 2, 2, 2, 2, 2), check=is_valid, shown=14, request=True)
)
