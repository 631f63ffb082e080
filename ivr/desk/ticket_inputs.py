"""What clients may say of a ticket: bounded, checked, and in words that tell what to mend."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from ivr.desk.fields import Body, Name, Phone, Reason, Word
from ivr.desk.ticket_forms import Status
from ivr.identifiers.registry import identifiers
from ivr.tickets.events import CHANNELS, NOTICES, TOP_PRIORITY
from ivr.tickets.vault import normal

_LINES = "\n\t"


def _text(text: str) -> str:
    """Any letters and signs, in lines; no control, no direction marks, nothing that is half a character."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
    for character in text:
        if unicodedata.category(character)[0] == "C" and character not in _LINES:
            raise PydanticCustomError(
                "text_characters", "not allowed: {character}", {"character": f"U+{ord(character):04X}"}
            )
    if not text:
        raise PydanticCustomError("string_too_short", "empty", {"min_length": 1})
    return text


Text = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_text)]
"""What somebody wrote, in lines."""

Email = Annotated[
    str, Field(max_length=254, pattern=r"^[^\s@<>()\"',;:\\]{1,64}@[A-Za-z0-9.-]{1,185}\.[A-Za-z]{2,63}$")
]

Channel = StrEnum(  # type: ignore[misc]
    "OpenedChannel", {each.replace("-", "_").upper(): each for each in CHANNELS if each != "phone"}
)
"""A call opens its ticket by itself."""

Notice = StrEnum("Notice", {each.replace("-", "_").upper(): each for each in NOTICES})  # type: ignore[misc]

IdentifierKind = StrEnum(  # type: ignore[misc]
    "IdentifierKind", {name.replace("-", "_").upper(): name for name, each in identifiers().items() if not each.request}
)


class IdentifierGiven(Body):
    """An identifier of the applicant; spaces and hyphens do not count. It is kept sealed."""

    kind: IdentifierKind
    value: Annotated[str, Field(min_length=4, max_length=40)]

    @model_validator(mode="after")
    def _right(self) -> IdentifierGiven:
        known, digits = identifiers()[self.kind], normal(self.value)
        if len(digits) not in known.lengths or not known.check(digits):
            raise PydanticCustomError("identifier_wrong", "not right in itself: {kind}", {"kind": self.kind.value})
        return self


class Applicant(Body):
    """Who wants it and how they can be reached; kept sealed. ``notice``: how they want to be told of changes."""

    name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    address: Text | None = None
    notice: Notice | None = None

    def contacts(self) -> dict[str, str]:
        """What was given, by ivr.tickets.events.CONTACTS."""
        every = {"name": self.name, "phone": self.phone, "e-mail": self.email, "address": self.address}
        return {kind: value for kind, value in every.items() if value is not None}


Identification = Annotated[list[IdentifierGiven], Field(max_length=8)]


class NewTicket(Body):
    """A contact that no call brought."""

    channel: Channel
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "ru"
    line: Word | None = None
    region: Word | None = None
    section: Word | None = None
    category: Word | None = None
    demand: Text
    applicant: Applicant | None = None
    identification: Identification = Field(default_factory=list)


class TicketChange(Body):
    """What is to be otherwise; what is left out stays. ``reason`` is of a new status or priority.

    ``assignee``: an operator's id, "" for nobody. Send the ETag that you saw as If-Match: if the ticket is another by
    now, nothing is changed, and you are told what was.
    """

    status: Status | None = None
    reason: Reason | None = None
    section: Word | None = None
    category: Word | None = None
    complexity: Annotated[int, Field(ge=1, le=5)] | None = None
    priority: Annotated[int, Field(ge=0, le=TOP_PRIORITY)] | None = None
    assignee: Annotated[str, Field(pattern=r"^([a-z][a-z0-9-]{0,31})?$")] | None = None
    demand: Text | None = None
    outcome: Text | None = None
    first_call_resolved: bool | None = None
    applicant: Applicant | None = None
    identification: Identification = Field(default_factory=list)


class NewComment(Body):
    """Something to note."""

    text: Text


class NewLink(Body):
    """Another ticket that this one belongs with."""

    number: Annotated[int, Field(ge=1, le=10**14)]
