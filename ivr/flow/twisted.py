"""Bare words that YAML programs read as something else than what is written: YAML 1.1's types (yaml.org/type)."""

from __future__ import annotations

import re

from ivr.messages import Message

BOOLEANS = frozenset({"yes", "no", "true", "false"})
"""Words that a key which is either may have bare."""

DATE = Message("reading-date")
"""What a day's own hours are written under, too: as a key it is what it says."""

_WORDS = {
    **dict.fromkeys(("yes", "no", "true", "false", "on", "off"), Message("reading-boolean")),
    **dict.fromkeys(("null", "~"), Message("reading-nothing")),
    **dict.fromkeys((".inf", "+.inf", "-.inf", ".nan"), Message("reading-infinity")),
}

_NUMBERS: tuple[tuple[re.Pattern[str], Message], ...] = (
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?"), Message("reading-base-60")),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), DATE),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]| +)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*"), Message("reading-moment")),
    (re.compile(r"-0"), Message("reading-bare-0")),
    (re.compile(r"[-+]?0[0-9_]+"), Message("reading-octal")),
    (re.compile(r"[-+]?0[box][0-9a-fA-F_]+"), Message("reading-another-base")),
    (re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*"), Message("reading-without-underscore")),
    (re.compile(r"[-+]?([0-9][0-9_]*)?\.?[0-9_]+[eE][-+]?[0-9]+"), Message("reading-exponent")),
    (re.compile(r"[-+]?\.[0-9][0-9_]*|[-+]?[0-9][0-9_]*\.[0-9_]*"), Message("reading-other-digits")),
)


def twisted(word: str) -> Message | None:
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
