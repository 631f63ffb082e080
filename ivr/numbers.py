"""Telephone numbers in E.164, whatever way they are written."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_WRITTEN = re.compile(r"(?:tel:)?\+?[0-9()\-./~\s‐‑‒–—]{3,40}")
_HOME = "RU"
_LONG_EXITS = (("810", 12), ("00", 11), ("011", 12))
"""How abroad is dialled from Russia, from most of the world and from North America, with the fewest digits in all."""


@lru_cache(maxsize=8192)
def normalise(raw: str) -> str | None:
    """E.164 of a number as a person writes it or a trunk delivers it; None when it is no possible number.

    ``8 800 …``, ``7800…``, ``800…``, ``810 7 495 …``, ``00 7 495 …``, ``011 7 495 …`` are all understood: a number
    without an exit code is Russian (national prefix 8, ten digits).
    """
    if not _WRITTEN.fullmatch(raw.strip()):
        return None
    digits = re.sub(r"[^0-9]", "", raw, flags=re.ASCII)
    written = f"+{digits}" if raw.strip().removeprefix("tel:").startswith("+") else _international(digits)
    try:
        number = phonenumbers.parse(written, _HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _international(digits: str) -> str:
    """The digits with ``+`` and country code."""
    for exit_code, least in _LONG_EXITS:
        if digits.startswith(exit_code) and len(digits) >= least:
            return "+" + digits.removeprefix(exit_code)
    if len(digits) == 11 and digits[0] in "78":
        return "+7" + digits[1:]
    if len(digits) == 10:
        return "+7" + digits
    return "+" + digits
