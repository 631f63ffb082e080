"""OGRN: thirteen digits of an organisation in the state register, or fifteen (OGRNIP) of an entrepreneur.

The check digit is the last digit of what the number before it leaves divided by 11, or by 13 (order 165n of the
Ministry of Finance, 2017). python-stdnum 2.2 knows only remainders below ten of the longer kind, and would refuse
three entrepreneurs of thirteen: so the rule stands here.
"""

from __future__ import annotations

from ivr.identifiers.registry import Identifier, register

ORGANISATION, ENTREPRENEUR = 13, 15
"""Digits of each kind."""

_DIVISORS = {ORGANISATION: 11, ENTREPRENEUR: 13}
_FIRST = {ORGANISATION: "15", ENTREPRENEUR: "3"}
"""What the number of an entry that made somebody known begins with: 1 or 5 an organisation, 3 an entrepreneur."""


def is_valid(digits: str) -> bool:
    """Whether thirteen or fifteen digits are an OGRN or OGRNIP with the right check digit."""
    divisor = _DIVISORS.get(len(digits))
    if divisor is None or not (digits.isascii() and digits.isdigit()):
        return False
    return digits[0] in _FIRST[len(digits)] and int(digits[:-1]) % divisor % 10 == int(digits[-1])


ogrn = register(
    Identifier("ogrn", lengths=(ORGANISATION, ENTREPRENEUR), groups=(1, 2, 2, 3, 3, 2, 2), check=is_valid, shown=3)
)
