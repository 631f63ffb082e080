"""What is said to a caller: text and sound together, so that a terminal, a test and a telephone say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

Language = str
"""A language code of ISO 639-1: ``ru``, ``en``, ``tt``."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One piece of speech that is played whole.

    ``audio`` is the sound's path without its ending, as Asterisk wants it; None when nothing has been
    synthesised (a terminal does not need it). ``private`` marks a caller's own data: never logged.
    """

    language: Language
    text: str
    audio: str | None = None
    private: bool = False


Speech = tuple[Utterance, ...]
"""Utterances in the order in which they are heard."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Digits read back in groups, say ``112 233 445 95``: a caller's own data unless ``private`` is False."""

    groups: tuple[str, ...]
    private: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date, spoken in the language's own grammar."""

    date: date


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from 0 to 999,999, spoken as a cardinal."""

    value: int


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, spoken in minutes, or in seconds below one minute."""

    duration: timedelta


@dataclass(frozen=True, slots=True)
class Text:
    """Words that are said as they stand, in the caller's language (a region's name, a status)."""

    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Another prompt, said in this place."""

    name: str


Value = Groups | Day | Number | Span | Text | Prompt
"""What may stand in a prompt's ``{slot}``."""


class Prompts(Protocol):
    """The catalogue of what can be said."""

    def say(self, name: str, language: Language, /, **values: Value) -> Speech:
        """Speech of prompt ``name``, its ``{slots}`` filled by ``values``.

        Raises UnknownPrompt when the name, or the name in this language, does not exist.
        """
        ...


class UnknownPrompt(KeyError):
    """No text and no recording of that name in that language."""
