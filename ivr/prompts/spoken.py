"""How a value is said: pure, and in pieces of a finite inventory, so that all of it is rendered before any call."""

from __future__ import annotations

import re
from functools import lru_cache
from math import floor

from ivr.prompts.grammar import LARGEST, PAUSE, YEARS, Grammar, Pieces, grammar
from ivr.speech import Day, Groups, Language, Number, Prompt, Span, Text, Value


def spoken(value: Value, language: Language, form: str = "") -> Pieces:
    """The pieces of ``value`` in ``language``, in ``form`` (a case or gender that the language names).

    Raises ValueError for a value that cannot be said: a number outside 0 to 999,999, a date outside the years 1000
    to 2999, a group that is not digits. A Prompt is said by the catalogue.
    """
    speaker = grammar(language)
    match value:
        case Text(text):
            return (text,)
        case Groups(groups):
            return _groups(speaker, groups)
        case Day(day):
            if day.year not in YEARS:
                raise ValueError(f"a date of the year {day.year} cannot be said")
            return speaker.day(day, form)
        case Number(number):
            return speaker.cardinal(_sayable(number), form)
        case Span(duration):
            return _span(speaker, duration.total_seconds(), form)
        case Prompt(name):
            raise ValueError(f"prompt {name!r} is said by the catalogue")


@lru_cache(maxsize=8)
def inventory(language: Language) -> frozenset[str]:
    """Every piece that ``spoken`` can give in ``language`` for anything but Text."""
    return frozenset(grammar(language).inventory())


def in_words(text: str, language: Language) -> str:
    """``text`` with its numerals written out, so that every voice says them alike."""
    return re.sub(r"[0-9]+", lambda found: _numeral(found[0], language), text)


def _numeral(digits: str, language: Language) -> str:
    speaker = grammar(language)
    short = len(digits) <= 6 and (digits == "0" or digits[0] != "0")
    pieces = speaker.cardinal(int(digits)) if short else _groups(speaker, (digits,))
    return " ".join(pieces).replace(f" {PAUSE}", PAUSE)


def _sayable(number: int) -> int:
    if not 0 <= number <= LARGEST:
        raise ValueError(f"the number {number} cannot be said: it is not between 0 and {LARGEST}")
    return number


def _span(speaker: Grammar, seconds: float, form: str) -> Pieces:
    """Whole seconds below one minute; from there minutes, rounded half up."""
    whole = floor(seconds + 0.5)
    if whole < 60:
        return speaker.counted(_sayable(whole), speaker.second, form)
    return speaker.counted(_sayable((whole + 30) // 60), speaker.minute, form)


def _groups(speaker: Grammar, groups: tuple[str, ...]) -> Pieces:
    parts = [part for group in groups for part in _short(group)]
    pieces: list[str] = []
    for before, part, after in zip(["", *parts[:-1]], parts, [*parts[1:], ""], strict=True):
        pieces += ([PAUSE] if before else []) + list(speaker.group(part, before, after))
    return tuple(pieces)


def _short(group: str) -> list[str]:
    """Groups that an ear can hold: two or three digits, as evenly as they come."""
    if not group.isascii() or not group.isdigit():
        raise ValueError("a group to be read back holds something other than digits")
    if len(group) <= 3:
        return [group]
    size = 2 if len(group) in {4, 5} else 3
    return [group[:size], *_short(group[size:])]
