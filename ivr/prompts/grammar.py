"""What a language must know to speak numbers, dates and lengths of time; one file a language in ``languages/``."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import ClassVar, TypeVar

from babel import Locale

from ivr.speech import Language

Pieces = tuple[str, ...]
"""Words in the order in which they are said; each is one sound, rendered before any call."""

PAUSE = ","
"""The piece that is a short silence."""
LARGEST = 999_999
YEARS = range(1000, 3000)


class Grammar(ABC):
    """A language's spoken numbers. A method given a form that does not concern it speaks the plain form."""

    forms: ClassVar[frozenset[str]]
    """What may follow the colon in a prompt's ``{slot:form}``."""
    minute: ClassVar[Mapping[str, str]]
    """The word for minutes by CLDR plural category, and by ``form category`` where a form differs."""
    second: ClassVar[Mapping[str, str]]

    def __init__(self, language: Language) -> None:
        self.language = language
        self._plural = Locale.parse(language).plural_form

    @abstractmethod
    def cardinal(self, number: int, form: str = "") -> Pieces:
        """A whole number from 0 to LARGEST."""

    @abstractmethod
    def day(self, day: date, form: str = "") -> Pieces:
        """A date of a year in YEARS."""

    def counted_form(self, form: str) -> str:
        """The form of a number before minutes or seconds, given the form asked of both together."""
        return form

    def counted(self, number: int, unit: Mapping[str, str], form: str = "") -> Pieces:
        """A number with its unit in the plural that CLDR gives for it."""
        category = self._plural(number)
        word = unit.get(f"{form} {category}") or unit.get(category) or unit["other"]
        return (*self.cardinal(number, self.counted_form(form)), word)

    def group(self, digits: str, before: str, after: str) -> Pieces:
        """Up to three digits as one number, leading zeros apart; ``before`` and ``after`` are the groups beside it.

        Digit by digit where the next group would be heard as the end of this one: 400, 95 must not sound as 495.
        """
        zeros = len(digits) - len(digits.rstrip("0"))
        if after and after[0] != "0" and len(after) <= zeros:
            return tuple(piece for digit in digits for piece in self.cardinal(int(digit)))
        value = digits.lstrip("0")
        leading = self.cardinal(0) * (len(digits) - len(value))
        return leading + (self.cardinal(int(value)) if value else ())

    def inventory(self) -> Iterator[str]:
        """Every piece that any number, date or length of time can need, repeats included."""
        for form in ("", *sorted(self.forms)):
            for number in range(1000):
                yield from self.cardinal(number, form)
            for number in range(101):
                yield from self.counted(number, self.minute, form)
                yield from self.counted(number, self.second, form)
            for ordinal in range(366):
                yield from self.day(date(2024, 1, 1) + timedelta(days=ordinal), form)
        for number in range(1000, LARGEST, 1000):
            yield from (*self.cardinal(number), *self.cardinal(number + 1))
        for number in range(1000):
            yield from self.group(str(number), "1", "")
        for year in YEARS:
            yield from self.day(date(year, 1, 1))
        yield PAUSE


def words(line: str) -> tuple[str, ...]:
    """A table of words written as one line."""
    return tuple(line.split())


GrammarType = TypeVar("GrammarType", bound=type[Grammar])
_registered: dict[Language, type[Grammar]] = {}


def speaks(language: Language) -> Callable[[GrammarType], GrammarType]:
    """Register a Grammar as that of ``language``."""

    def register(cls: GrammarType) -> GrammarType:
        _registered[language] = cls
        return cls

    return register


@cache
def _languages() -> dict[Language, Grammar]:
    package = importlib.import_module("ivr.prompts.languages")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return {language: cls(language) for language, cls in sorted(_registered.items())}


def languages() -> tuple[Language, ...]:
    """Every language whose numbers can be spoken."""
    return tuple(_languages())


def grammar(language: Language) -> Grammar:
    """The grammar of ``language``. Raises ValueError, saying what to add, where there is none."""
    try:
        return _languages()[language]
    except KeyError:
        known = ", ".join(languages())
        raise ValueError(f"no grammar for language {language!r} (known: {known}): add ivr/prompts/languages/") from None
