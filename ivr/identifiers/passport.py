"""A Russian passport: four digits of series and six of number.

It has no check digit (government resolution 828 of 1997 gives the form): refused is only what no passport has, a
series of region 00 and the number 000000.
"""

from __future__ import annotations

from ivr.identifiers.registry import Identifier, register

LENGTH = 10


def is_valid(digits: str) -> bool:
    """Whether ten digits may be a passport's series and number."""
    plain = len(digits) == LENGTH and digits.isascii() and digits.isdigit()
    return plain and digits[:2] != "00" and digits[4:] != "000000"


passport = register(Identifier("passport", lengths=(LENGTH,), groups=(2, 2, 3, 3), check=is_valid))
