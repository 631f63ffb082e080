"""SNILS: the eleven digits of a person's insurance account, the last two a check sum.

The rule: Pension Fund of Russia, resolution 192p of 2006. The nine digits weighted 9 to 1 are summed; the sum modulo
101 is the check number, 100 counting as 00. Numbers up to 001-001-998 were given out without a check.
"""

from __future__ import annotations

from ivr.identifiers.registry import Identifier, register

LAST_UNCHECKED = 1_001_998


def is_valid(digits: str) -> bool:
    """Whether eleven digits are a SNILS with the right check sum."""
    if len(digits) != 11 or not (digits.isascii() and digits.isdigit()):
        return False
    body, check = digits[:9], int(digits[9:])
    if int(body) <= LAST_UNCHECKED:
        return int(body) > 0
    total = sum(int(digit) * weight for digit, weight in zip(body, range(9, 0, -1), strict=True))
    return total % 101 % 100 == check


snils = register(Identifier("snils", lengths=(11,), groups=(3, 3, 3, 2), check=is_valid))
