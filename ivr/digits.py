"""Pure matching of keys against what is expected: incomplete, complete, invalid."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

FIRST_DIGIT = 5.0
"""Seconds to wait for the first key, from the end of the prompt."""

INTER_DIGIT = 3.0
"""Seconds to wait for the next key of an entry."""

OPERATOR_PAUSE = 2.0
"""Seconds of silence after a single first ``0`` that make it a wish for a person, not an entry's first digit."""

OPERATOR, BACK, END, REPEAT = "0", "*", "#", "9"
"""What these keys mean everywhere (ISO/IEC 13714): a person, back, end or skip; 9 repeats where it is not assigned."""


class Match(StrEnum):
    """Whether what was keyed so far is an entry."""

    INCOMPLETE = "incomplete"  # more digits are needed, or may follow
    COMPLETE = "complete"  # no further digit can belong to it
    INVALID = "invalid"  # no further digit can mend it


def match(digits: str, lengths: Collection[int]) -> Match:
    """How ``digits`` stand to an entry of one of these ``lengths``."""
    if not lengths or len(digits) > max(lengths) or (digits and not (digits.isascii() and digits.isdigit())):
        return Match.INVALID
    return Match.COMPLETE if len(digits) == max(lengths) else Match.INCOMPLETE
