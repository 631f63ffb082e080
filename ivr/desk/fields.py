"""The kinds of values that requests hold: bounded, and nothing in them that a page or a log could stumble over."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from ivr.numbers import normalise

_SIGNS = " .,:;!?'’\"«»„“”()+–—/№%-"
_SCHEMA: JsonDict = {"pattern": rf"^[\p{{L}}\p{{M}}\p{{N}}{_SIGNS}]*$"}


class Body(BaseModel):
    """What a client sends: exact types, no field that is not declared, never printed whole."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class View(BaseModel):
    """What is sent to a client, made from an object's attributes of the same names."""

    model_config = ConfigDict(from_attributes=True, frozen=True, validate_by_name=True, validate_by_alias=True)


def _plain(text: str) -> str:
    """Letters of any alphabet, their marks, digits and common punctuation: no tags, no control or direction marks."""
    text = unicodedata.normalize("NFC", text.strip())
    for character in text:
        if unicodedata.category(character)[0] not in "LMN" and character not in _SIGNS:
            raise PydanticCustomError(
                "text_characters", "not allowed: {character}", {"character": f"U+{ord(character):04X}"}
            )
    if not text:
        raise PydanticCustomError("string_too_short", "empty", {"min_length": 1})
    return text


def _phone(text: str) -> str:
    number = normalise(text)
    if number is None:
        raise PydanticCustomError("phone_unknown", "not a phone number")
    return number


Name = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=_SCHEMA), AfterValidator(_plain)]
"""A person's name."""

Reason = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=_SCHEMA), AfterValidator(_plain)]
"""Why, in a person's words."""

OperatorId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
"""An operator's id, which is also the user of their phone."""

SkillName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}(\.[a-z0-9-]{1,31})?$")]
"""``technical``, ``language.ru``."""

Level = Annotated[int, Field(ge=1, le=5)]

Skills = Annotated[dict[SkillName, Level], Field(max_length=64)]
"""Skill -> level, languages among them."""

Phone = Annotated[str, Field(min_length=3, max_length=40), AfterValidator(_phone)]
"""A telephone number in any of the written forms, as E.164."""

Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
"""A key of the configuration: a line, a section, a queue."""


def moment(seconds: float) -> datetime:
    """An aware time of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
