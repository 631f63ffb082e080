"""Bare words that YAML programs read as something else than what is written: YAML 1.1's types (yaml.org/type)."""

from __future__ import annotations

import re

BOOLEANS = frozenset({"yes", "no", "true", "false"})
"""Words that a key which is either may have bare."""

DATE = "a date"
"""What a day's own hours are written under, too: as a key it is what it says."""

_WORDS = {
    **dict.fromkeys(("yes", "no", "true", "false", "on", "off"), "yes or no"),
    **dict.fromkeys(("null", "~"), "nothing"),
    **dict.fromkeys((".inf", "+.inf", "-.inf", ".nan"), "infinity, or no number"),
}

_NUMBERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?"), "a number to the base of 60"),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), DATE),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]| +)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*"), "a moment"),
    (re.compile(r"-0"), "a 0 without its sign"),
    (re.compile(r"[-+]?0[0-9_]+"), "an octal number, or without its first 0"),
    (re.compile(r"[-+]?0[box][0-9a-fA-F_]+"), "a number to another base"),
    (re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*"), "a number without the '_'"),
    (re.compile(r"[-+]?([0-9][0-9_]*)?\.?[0-9_]+[eE][-+]?[0-9]+"), "a number with an exponent"),
    (re.compile(r"[-+]?\.[0-9][0-9_]*|[-+]?[0-9][0-9_]*\.[0-9_]*"), "a number with other digits"),
)


def twisted(word: str) -> str | None:
    """What YAML programs would make of the bare ``word``, in words; None if nothing else than it says."""
    if (meant := _WORDS.get(word.lower())) is not None:
        return meant
    if not word or word[0] not in "0123456789+-.":
        return None
    reading = next((reading for form, reading in _NUMBERS if form.fullmatch(word)), None)
    return None if reading is not None and _plain_decimal(word) else reading


def _plain_decimal(word: str) -> bool:
    """Whether it is a decimal fraction that reads back as written: 1.5, but not 1.50."""
    try:
        return "." in word and repr(float(word)) == word
    except ValueError:
        return False
