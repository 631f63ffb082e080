"""Words for people who administer the hotline, in the language of each: a key with values, worded in YAML.

Beside the code stands ``messages.yaml`` (or several, ``SUBJECT_messages.yaml``): key -> the same words in each of
LANGUAGES. In them ``{name}`` is a value, which may be a message of its own; ``{count:fault|faults}`` is the form for
a number, in the order of CLDR's plural categories: ``one|other`` in English, ``one|few|many`` in Russian; ``{names}``
of a tuple is a list as the language writes it ("a, b and c"), ``{names:; }`` one with that between.
"""

from __future__ import annotations

import os
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.lists import format_list

LANGUAGES = ("en", "ru")
"""What every message is worded in. The first is what a message is as a plain string."""

VARIABLE = "IVR_LANGUAGE"
"""Names the language; without it the locale does."""

Value = str | int | float | tuple[str, ...]
"""What may stand in a message: a Message among them is told in the language of the whole."""

_NEAREST = {"tt": "ru"}
_ROOT = Path(__file__).parent
_FORMS: Mapping[str, tuple[str, ...]] = {"en": ("one", "other"), "ru": ("one", "few", "many")}
"""CLDR's plural categories of whole numbers, in the order in which a message writes the forms."""


class Message(str):
    """What is to be told: a string, the English words, that can be told in each of LANGUAGES. Never changed."""

    __slots__ = ("key", "values")
    key: str
    values: Mapping[str, Value]

    def __new__(cls, key: str, /, **values: Value) -> Message:
        """The message ``key`` of some messages.yaml with these values. Raises KeyError for one that none has."""
        self = super().__new__(cls, _worded(key, values, LANGUAGES[0]))
        self.key, self.values = key, values
        return self

    def told(self, language: str) -> str:
        """In ``language``; in Russian for one that is none of LANGUAGES but spoken in Russia."""
        return _worded(self.key, self.values, _NEAREST.get(language, language))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.key, dict(self.values))


class Unfit(ValueError):
    """A value that cannot stand where it does: ``reason``, and the ``mend``. What a form's validators raise."""

    def __init__(self, reason: Message, mend: Message) -> None:
        super().__init__(f"{reason}; {mend}")
        self.reason, self.mend = reason, mend


def told(words: str, language: str) -> str:
    """A message in ``language``; any other string as it is."""
    return words.told(language) if isinstance(words, Message) else words


def trouble(found: Message, mend: Message) -> Message:
    """What is wrong, and what mends it, as one sentence that can be taken apart again."""
    return Message("trouble", found=found, mend=mend)


def words_of(error: BaseException) -> str:
    """What an error says: the Message that it was raised with, its string where that was none."""
    return error.args[0] if error.args and isinstance(error.args[0], Message) else str(error)


def preferred(environment: Mapping[str, str] = os.environ) -> str:
    """The language of whoever set this environment: IVR_LANGUAGE, else the locale; English for any other."""
    given = (environment.get(name) for name in (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"))
    word = next((word for word in given if word), "")[:2].lower()
    nearest = _NEAREST.get(word, word)
    return nearest if nearest in LANGUAGES else LANGUAGES[0]


@cache
def wordings() -> Mapping[str, Mapping[str, str]]:
    """Every message by its key: its words by language. Raises ValueError for a key that two files have."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(_ROOT.rglob("*messages.yaml")):
        here = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        if twice := found.keys() & here.keys():
            raise ValueError(f"{path}: {sorted(twice)} are messages of another file")
        found |= here
    return found


class _Worder(string.Formatter):
    """Fills in a message's values as one language writes them."""

    def __init__(self, language: str) -> None:
        self._language = language

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        value = kwargs[str(key)]
        if isinstance(value, tuple):
            return tuple(told(each, self._language) for each in value)
        return told(value, self._language) if isinstance(value, str) else value

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, tuple):
            return format_spec.join(value) if format_spec else _listed(value, self._language)
        if "|" in format_spec:
            return format_spec.split("|")[_FORMS[self._language].index(_category(value, self._language))]
        return format(value, format_spec)


@cache
def _worder(language: str) -> _Worder:
    return _Worder(language)


def _worded(key: str, values: Mapping[str, Value], language: str) -> str:
    return _worder(language).vformat(wordings()[key][language], (), values)


def _category(number: int, language: str) -> str:
    return Locale.parse(language).plural_form(number)


def _listed(words: tuple[str, ...], language: str) -> str:
    return format_list(words, locale=language)


def _again(key: str, values: dict[str, Value]) -> Message:
    """A message that comes out of a pickle."""
    return Message(key, **values)
