"""INN: a taxpayer's number, ten digits for an organisation and twelve for a person.

The check digits: order MM-3-06/193 of the tax service, 2012, as python-stdnum has them. The first two digits name a
region, which 00 is not.
"""

from __future__ import annotations

from stdnum.ru import inn as rule

from ivr.identifiers.registry import Identifier, register


def is_valid(digits: str) -> bool:
    """Whether ten or twelve digits are an INN with the right check digits."""
    plain = digits.isascii() and digits.isdigit() and not digits.startswith("00")
    return plain and bool(rule.is_valid(digits))


inn = register(Identifier("inn", lengths=(10, 12), groups=(2, 2, 3, 3, 2), check=is_valid, shown=3))
