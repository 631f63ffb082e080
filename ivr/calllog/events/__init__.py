"""Everything that can happen to a call, as facts in the order in which they happened.

The log of these events is the truth; a call in progress, its ticket and every report are functions of
it. Nothing in here is a caller's identifier in the clear: an identifier is sealed before it becomes an event.
"""

from __future__ import annotations

import msgspec

from ivr.calllog.events.caller import CallbackAsked, Identified, MessageLeft, Rated, TicketAsked, Unidentified
from ivr.calllog.events.event import Event
from ivr.calllog.events.life import End, Ended, LetGo, Resumed, Started
from ivr.calllog.events.talk import (
    CLOSED,
    Answered,
    Decided,
    NotRecorded,
    Offered,
    OfferFailed,
    Queued,
    QueueLeft,
    RecordingStarted,
    TalkEnded,
    TransferBegan,
    TransferEnded,
)
from ivr.calllog.events.way import (
    AttributeSet,
    LanguageChosen,
    LineChosen,
    NodeEntered,
    PrioritySet,
    SectionChosen,
    SubFlowEntered,
    SubFlowLeft,
)

__all__ = [
    "CLOSED",
    "Answered",
    "AnyEvent",
    "AttributeSet",
    "CallbackAsked",
    "Decided",
    "End",
    "Ended",
    "Entry",
    "Event",
    "Identified",
    "LanguageChosen",
    "LetGo",
    "LineChosen",
    "MessageLeft",
    "NodeEntered",
    "NotRecorded",
    "OfferFailed",
    "Offered",
    "PrioritySet",
    "QueueLeft",
    "Queued",
    "Rated",
    "RecordingStarted",
    "Resumed",
    "SectionChosen",
    "Started",
    "SubFlowEntered",
    "SubFlowLeft",
    "TalkEnded",
    "TicketAsked",
    "TransferBegan",
    "TransferEnded",
    "Unidentified",
    "decode",
    "encode",
]

AnyEvent = (
    Started
    | LineChosen
    | LanguageChosen
    | NodeEntered
    | SectionChosen
    | Identified
    | Unidentified
    | TicketAsked
    | AttributeSet
    | PrioritySet
    | SubFlowEntered
    | SubFlowLeft
    | Rated
    | CallbackAsked
    | TransferBegan
    | TransferEnded
    | Queued
    | Decided
    | Offered
    | OfferFailed
    | Answered
    | RecordingStarted
    | NotRecorded
    | TalkEnded
    | QueueLeft
    | MessageLeft
    | Resumed
    | LetGo
    | Ended
)


class Entry(msgspec.Struct, frozen=True):
    """An event in its place: the ``seq``-th (from 1) of the call ``call_id``. The pair is its identity."""

    call_id: str
    seq: int
    event: AnyEvent


encode = msgspec.json.Encoder().encode
"""An Entry as one line of JSON (no newline inside)."""

decode = msgspec.json.Decoder(Entry).decode
"""The Entry of one line. Raises msgspec.DecodeError or msgspec.ValidationError."""
