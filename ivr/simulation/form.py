"""The YAML form of a scenario: who calls, when and for how long; who serves, and when."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from ivr.flow.model import Duration, Form, LanguageCode, Name, Pause
from ivr.flow.queues import WaitingForm
from ivr.messages import Message, Unfit
from ivr.nodes.queue import Queue

DAY = 86400.0

WEDNESDAY = date(2026, 10, 14)
"""A day like most: no holiday, and none near."""

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)")

Span = tuple[float, float]
"""From and to, in seconds since midnight."""


def _span(value: object) -> object:
    if isinstance(value, tuple):
        return value
    match = _SPAN.fullmatch(str(value).strip())
    start, end = (60.0 * (60 * int(match[i]) + int(match[i + 1])) for i in (1, 3)) if match else (0.0, 0.0)
    if not start < end <= DAY:
        raise Unfit(Message("no-span-of-day"), Message("write-span-of-day"))
    return start, end


def _date(value: object) -> object:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise Unfit(Message("no-date"), Message("write-date-of-day")) from None


Date = Annotated[date, BeforeValidator(_date, json_schema_input_type=str)]
Written = Annotated[str, StringConstraints(pattern=r"^\d\d:\d\d\s*-\s*\d\d:\d\d$")]
SpanOfDay = Annotated[Span, BeforeValidator(_span, json_schema_input_type=Written)]
Skills = dict[Name, Annotated[int, Field(ge=1, le=5)]]
Calls = Annotated[float, Field(ge=0, le=100_000)]


def _by_span(value: object) -> object:
    return value if isinstance(value, dict) else {(0.0, DAY): value}


BySpan = Annotated[
    dict[SpanOfDay, Calls], BeforeValidator(_by_span, json_schema_input_type=Calls | dict[SpanOfDay, Calls])
]


class LengthsForm(Form):
    """How long something lasts. One of ``exponential``, ``lognormal``, ``measured`` and ``always``."""

    exponential: Duration | None = Field(None, description="by chance without memory; the mean")
    lognormal: Duration | None = Field(None, description="as conversations last; the mean")
    deviation: Duration | None = Field(None, description="of lognormal: the standard deviation; by default the mean")
    measured: list[Duration] | None = Field(None, min_length=1, description="one of these, each as likely")
    always: Duration | None = Field(None, description="the same for each")

    @model_validator(mode="after")
    def _one(self) -> LengthsForm:
        kinds = {"exponential", "lognormal", "measured", "always"}
        if len(self.model_fields_set & kinds) != 1:
            raise Unfit(Message("lengths-in-one-way"), Message("write-lengths"))
        if self.deviation is not None and self.lognormal is None:
            raise Unfit(Message("deviation-of-lognormal"), Message("write-deviation"))
        return self


class CallsForm(Form):
    """Calls of one kind."""

    asks: Queue = Field(description="a queue's node as it stands in a flow: {queue: technical, needs: {technical: 2}}")
    an_hour: BySpan = Field(
        description="how many come on average: 60, or by span: {'08:00-20:00': 90}; none outside of the spans"
    )
    languages: dict[LanguageCode, Annotated[float, Field(gt=0, le=1000)]] = Field(
        default_factory=lambda: {"ru": 1.0}, description="the callers' languages with their shares: {ru: 9, tt: 1}"
    )
    class_: Name = Field("normal", alias="class", description="by which figures are told apart as well")
    talks: LengthsForm = Field(description="how long a conversation lasts")
    patience: LengthsForm | None = Field(None, description="how long a caller waits before hanging up; else for ever")

    @field_validator("an_hour")
    @classmethod
    def _apart(cls, spans: dict[Span, float]) -> dict[Span, float]:
        for one, other in pairwise(sorted(spans)):
            if other[0] < one[1]:
                raise Unfit(Message("spans-overlap"), Message("one-span-an-hour"))
        return spans


class CrewForm(Form):
    """Operators who can do the same at the same time."""

    number: int = Field(1, ge=1, le=5000, description="how many")
    skills: Skills = Field(default_factory=dict, description="skill -> level 1 to 5")
    languages: list[LanguageCode] = Field(default_factory=lambda: ["ru"], description="the languages spoken")
    shifts: list[SpanOfDay] = Field(
        default_factory=lambda: [(0.0, DAY)],
        validate_default=False,
        min_length=1,
        description="when they take calls: [08:00-16:00]; all day by default",
        json_schema_extra={"default": ["00:00-24:00"]},
    )


class ScenarioForm(Form):
    """A scenario of ``ivr simulate``: one day, simulated several times."""

    simulate: int = Field(1, ge=1, le=1, description="version of this language")
    days: int = Field(20, ge=2, le=1000, description="how often the day is simulated, each time with other chances")
    seed: int = Field(1, ge=0, description="the same seed gives the same calls, whatever else is changed")
    within: Duration = Field(20.0, description="the wait that the service level is about")
    pick_up: Pause = Field(3.0, description="how long a phone rings before it is answered")
    lines: int | None = Field(None, ge=1, description="the most calls at once; more find the lines busy")
    date: Date = Field(
        WEDNESDAY,
        validate_default=False,
        description="the day by whose hours, Moscow time, the queues are open; a Wednesday by default",
        json_schema_extra={"default": WEDNESDAY.isoformat()},
    )
    queues: dict[Name, WaitingForm] = Field(default_factory=dict, description="other rules than those of queues.yaml")
    calls: dict[Name, CallsForm] = Field(
        default_factory=dict, max_length=500, description="name -> calls of one kind; none with --yesterday"
    )
    operators: dict[Name, CrewForm] = Field(
        default_factory=dict, max_length=5000, description="name -> operators; those of yesterday without any"
    )
