"""The YAML form of example calls: dialplans/tests/FLOW.yaml."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from ivr.calllog.events import End
from ivr.flow.model import Duration, Form, LanguageCode, Length, Name, seconds
from ivr.messages import Message, Unfit
from ivr.nodes.tell_status import STATUSES

NOTHING = "nothing"
"""What is said, pressed or identified when there is none of it."""

HANGS_UP = "hangs-up"

_AFTER = re.compile(r"after (.+)")


def _moment(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise Unfit(Message("no-moment", written=str(value)), Message("write-moment")) from None


def _ready(value: object) -> object:
    """True from the beginning on, False for never, else after so many seconds."""
    match = _AFTER.fullmatch(str(value))
    if match:
        return seconds(match[1])
    known = {"yes": True, "no": False}
    if str(value) not in known:
        raise Unfit(Message("neither-ready-nor-not", written=str(value)), Message("write-ready"))
    return known[str(value)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _word(value: object) -> object:
    """The step that is one word."""
    return {HANGS_UP: "yes"} if value == HANGS_UP else value


def _spoken(value: object) -> object:
    return 0.0 if value == NOTHING else seconds(value)


def _status(value: str) -> str:
    if value not in STATUSES:
        raise Unfit(Message("no-such-status", name=value), Message("use-one-of", names=tuple(STATUSES)))
    return value


Keys = Annotated[str, StringConstraints(pattern=r"^[0-9*#]+$")]
Names = Annotated[list[Name], BeforeValidator(_listed, json_schema_input_type=Name | list[Name])]
Words = Annotated[list[str], Field(min_length=1), BeforeValidator(_listed, json_schema_input_type=str | list[str])]
Spoken = Annotated[
    float, Field(ge=0, le=3600), BeforeValidator(_spoken, json_schema_input_type=Literal["nothing"] | Length)
]
RequestNumber = Annotated[str, StringConstraints(pattern=r"^\d{8,14}$")]
Need = Annotated[str, StringConstraints(pattern=r"^([1-5]|[a-z]{2,3})$")]
Level = Annotated[int, Field(ge=1, le=5)]


class StepForm(Form):
    """One thing that the caller hears, does, or meets. Exactly one key; ``during`` may stand beside ``presses``."""

    hears: Words | None = Field(None, description="a prompt's name, or words of what is said; several in their order")
    presses: Keys | None = Field(None, description="keys, one after another: '1', '11223344595#'")
    during: str | None = Field(
        None, min_length=1, description="beside 'presses': while this is said (a prompt's name or words), not after it"
    )
    says: Spoken | None = Field(
        None, description="nothing (no key within the time, an empty message), or how long a message is: 12s"
    )
    waits: Duration | None = Field(None, description="hears the music for so long")
    rings: Name | None = Field(None, description="this operator's phone rings for the call")
    talks_to: Name | None = Field(None, description="this operator picks up")
    hangs_up: Literal["yes"] | None = Field(None, description="the caller is gone")

    @model_validator(mode="after")
    def _one(self) -> StepForm:
        if self.during is not None and self.presses is None:
            raise Unfit(Message("during-without-presses"), Message("write-during"))
        if len(self.model_fields_set - {"during"}) != 1:
            raise Unfit(Message("step-is-one-thing"), Message("write-steps-apart"))
        if any(getattr(self, name) is None for name in self.model_fields_set):
            raise Unfit(Message("nothing-behind-word"), Message("quote-hash"))
        return self


class OperatorForm(Form):
    """An operator of the example; without skills or languages they have them all."""

    skills: dict[Name, Level] | None = Field(None, description="skill -> level 1 to 5")
    languages: list[LanguageCode] | None = Field(None, description="the languages spoken")
    ready: Annotated[bool | float, BeforeValidator(_ready, json_schema_input_type=str | bool)] = Field(
        default=True,
        description="yes, no, or 'after 60s' from the call's beginning",
        json_schema_extra={"default": "yes"},
    )
    phone: Literal["answers", "rings", "declines", "unreachable"] = Field(
        "answers", description="what becomes of a call to their phone"
    )
    picks_up: Duration = Field(2.0, description="after so much ringing")
    talks: Duration = Field(60.0, description="how long the conversation lasts")


class ResultForm(Form):
    """What must have come of the call; what is left out may be anything."""

    ended: End | None = Field(None, description="how the call ended")
    queue: Name | None = Field(None, description="the last queue, or nothing")
    needs: dict[Name, Need] | None = Field(
        None, description="what was asked of an operator there at first: {technical: 2, language: ru}"
    )
    priority: int | None = Field(None, description="with which it was queued")
    offered: Names | None = Field(None, description="the operators whose phones rang, in that order")
    operator: Name | None = Field(None, description="who talked with the caller, or nobody")
    line: Name | None = Field(None, description="the line the call ended on")
    section: Name | None = Field(None, description="the ticket's section, or nothing")
    category: Name | None = Field(None, description="the ticket's category, or nothing")
    language: LanguageCode | None = Field(None, description="the caller's language")
    identified: Names | None = Field(None, description="the identifiers given, or nothing")
    unidentified: Literal["skipped", "failed"] | None = Field(None, description="why there is none")
    waited: Duration | None = Field(None, description="until the answer, or until the waiting was over; to the second")


Step = Annotated[StepForm, BeforeValidator(_word, json_schema_input_type=Literal["hangs-up"] | StepForm)]


class CallForm(Form):
    """One example call."""

    dials: str = Field(description="the number, written as you like")
    from_: str = Field("", alias="from", description="the caller's number; withheld by default")
    at: Annotated[datetime, BeforeValidator(_moment, json_schema_input_type=str)] = Field(
        "2026-11-24 12:00", validate_default=True, description="when, in the line's own time"
    )
    speaks: LanguageCode | None = Field(None, description="the language remembered of an earlier call")
    operators: dict[Name, OperatorForm] = Field(default_factory=dict, description="who is on duty")
    requests: dict[RequestNumber, Annotated[str, AfterValidator(_status)]] = Field(
        default_factory=dict, description="requests that exist: number -> status"
    )
    lookups: Literal["work", "fail", "fail-later"] = Field(
        "work", description="whether requests can be looked up; fail-later: only the first time"
    )
    hours: Literal["as-written", "closed"] = Field(
        "as-written", description="closed: as if every line had closed, whatever regions.yaml says"
    )
    closed: Names = Field(default_factory=list, description="queues that take no calls")
    waiting: dict[Name, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict, description="how many others are said to wait: {technical: 12}"
    )
    expected_wait: dict[Name, Duration] = Field(
        default_factory=dict, description="how long the wait is said to be: {technical: 5m}; unknown by default"
    )
    systems: dict[Name, dict[str, str]] = Field(
        default_factory=dict, description="what the systems of outside.yaml answer; who is not named fails"
    )
    earlier_calls: int = Field(0, ge=0, description="how often the caller called lately")
    disk: Literal["works", "full"] = Field("works", description="full: no message can be stored")
    call: list[Step] = Field(default_factory=list, description="what the caller hears and does, step by step")
    result: ResultForm | None = Field(None, description="what must come of it")


class ExamplesForm(Form):
    """One file of dialplans/tests."""

    tests: int = Field(1, ge=1, le=1, description="version of this language")
    flow: Name = Field(description="the flow that the calls are examples of: the file's name without its ending")
    calls: dict[str, Any] = Field(min_length=1)
