"""What a key or a form of the YAML files is for: said in English where it is declared, in Russian beside this module.

``descriptions.yaml`` is keyed by the English words themselves: whoever changes them has to look at the Russian, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from ivr.messages import LANGUAGES, Message

_FILE = Path(__file__).with_name("descriptions.yaml")


class Description(Message):
    """A field's description, or a form's: a Message whose key is its English words."""

    __slots__ = ()

    def __new__(cls, words: str) -> Description:
        """These words, as they stand in the code."""
        self = str.__new__(cls, words)
        self.key, self.values = words, {}
        return self

    def told(self, language: str) -> str:
        """In ``language``; in English where the Russian words are missing."""
        return str(self) if language == LANGUAGES[0] else russian().get(self.key, str(self))

    def __reduce__(self) -> tuple[type[Description], tuple[str]]:
        return Description, (self.key,)


@cache
def russian() -> Mapping[str, str]:
    """descriptions.yaml: English -> Russian."""
    loaded: Mapping[str, str] = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return loaded
