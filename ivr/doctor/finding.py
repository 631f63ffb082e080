"""What a look at the hotline finds, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from ivr.messages import LANGUAGES, Message, told


class Level(StrEnum):
    """How bad it is: ``fail`` keeps calls from being served."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


LEVELS = {Level.OK: Message("level-ok"), Level.WARN: Message("level-warn"), Level.FAIL: Message("level-fail")}
"""What each is called for people; programs read the value."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``mend``: what to do, "" when nothing is. Messages: they can be told in each language."""

    about: str
    level: Level
    found: str
    mend: str = ""

    @classmethod
    def of(cls, about: str, level: Level, words: str) -> Self:
        """The finding of a sentence that says what is wrong and what mends it, as ivr.messages.trouble makes them."""
        if isinstance(words, Message) and words.key == "trouble":
            found, mend = words.values["found"], words.values["mend"]
            assert isinstance(found, str) and isinstance(mend, str)
            return cls(about, level, found, mend)
        found, _, mend = words.partition(": ")
        return cls(about, level, found, mend)

    def as_dict(self, language: str = LANGUAGES[0]) -> dict[str, str]:
        """Every field by its name, for JSON. ``about`` and ``level`` are the same in every language."""
        words = {"found": told(self.found, language), "mend": told(self.mend, language)}
        return {"about": str(self.about), "level": self.level.value, **words}
