"""Operators in one line of words, for a command: ``anna technical=3 ru, boris ru en``."""

from __future__ import annotations

import re

from ivr.flowtest.example import Staff
from ivr.messages import Message, Unfit

_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
_SKILL = re.compile(r"([a-z][a-z0-9-]{0,63})=([1-5])")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def read_staff(words: str) -> tuple[Staff, ...]:
    """Each operator's name, then skills with their levels and languages; a name alone can do everything.

    Raises Unfit, which names the word that is not understood.
    """
    return tuple(_one(operator.split()) for operator in words.split(",") if operator.strip())


def _one(words: list[str]) -> Staff:
    name, *known = words
    if not _NAME.fullmatch(name):
        raise Unfit(Message("no-operator-name", written=name), Message("write-a-name"))
    return Staff(name, dict(map(_known, known)) if known else None)


def _known(word: str) -> tuple[str, int]:
    skill = _SKILL.fullmatch(word)
    if skill:
        return skill[1], int(skill[2])
    if _LANGUAGE.fullmatch(word):
        return f"language.{word}", 5
    raise Unfit(Message("neither-skill-nor-language", written=word), Message("write-skill-or-language"))
