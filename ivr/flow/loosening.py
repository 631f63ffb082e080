"""``loosen`` of a queue's node: what its calls do without when there is need, by wait, by load or by who is free."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from ivr.flow.model import Form, Name, seconds
from ivr.messages import Message, Unfit
from routing.model import Loosening, Sign

LANGUAGE = "language"

_NUMBER = r"[1-9]\d{0,4}"
_LENGTH = r"\d{1,5}(\.\d{1,3})?\s*[smh]"
_SIGN = re.compile(f"(after|expected) ({_LENGTH})|(waiting|idle) ({_NUMBER})")
_LOWER = r"[0-4]|any"


def _sign(key: str) -> str:
    if _SIGN.fullmatch(key) is None:
        raise Unfit(Message("no-sign", written=key), Message("write-sign"))
    return key


def _lower(value: str) -> str:
    if not re.fullmatch(_LOWER, value):
        raise Unfit(Message("no-lower-level", written=value), Message("write-lower-level"))
    return value


SignKey = Annotated[
    str,
    AfterValidator(_sign),
    WithJsonSchema({"type": "string", "pattern": f"^((after|expected) {_LENGTH}|(waiting|idle) {_NUMBER})$"}),
]
"""How a sign and how much of it is written."""

Lower = Annotated[
    str,
    AfterValidator(_lower),
    WithJsonSchema({"type": ["string", "integer"], "pattern": f"^({_LOWER})$", "minimum": 0, "maximum": 4}),
]
"""A level that is lower than the one that was needed; ``any`` of a language."""


class LoosenForm(Form):
    """What a call does without."""

    needs: dict[Name, Lower] = Field(
        default_factory=dict, description="lower levels of 'needs', 0 for none: {technical: 1, language: any}"
    )
    any_of: dict[Name, Annotated[int, Field(ge=1, le=5)]] = Field(
        default_factory=dict, description="will do as well as what 'any-of' names: {payments: 2}"
    )
    prefer: bool = Field(default=True, description="no: nobody is preferred any more")
    priority: int | None = Field(None, ge=-100, le=100, description="the priority is at least this from then on")

    @model_validator(mode="after")
    def _does_something(self) -> LoosenForm:
        if not (self.needs or self.any_of or self.priority is not None) and self.prefer:
            raise Unfit(Message("loosens-nothing"), Message("write-loosen"))
        return self


def check(loosen: Mapping[str, LoosenForm], needs: Mapping[str, str], any_of: Mapping[str, int]) -> None:
    """Raises Unfit where something is to be lowered that is not needed, or no higher."""
    for sign, each in loosen.items():
        for skill, level in each.needs.items():
            needed = needs.get(skill, "any" if skill == LANGUAGE else "0")
            lower = level == "any" != needed if skill == LANGUAGE else level != "any" and level < needed
            if not lower:
                raise Unfit(Message("lowers-nothing", sign=sign, skill=skill, level=level), Message("write-lower"))
        if each.any_of and not any_of:
            raise Unfit(Message("nothing-to-loosen", sign=sign), Message("write-any-of"))


def loosenings(loosen: Mapping[str, LoosenForm], spoken: str) -> Iterator[Loosening]:
    """As the router has them; ``spoken``: the skill that the needed language is, "" for none."""
    for key, each in loosen.items():
        sign, _, amount = key.partition(" ")
        least = float(amount) if amount.isdigit() else float(str(seconds(amount)))
        needs = {
            spoken if skill == LANGUAGE else skill: int(level.replace("any", "0"))
            for skill, level in each.needs.items()
        }
        yield Loosening(Sign(sign), least, needs, each.any_of, each.prefer, each.priority)
