"""Everything that can happen to a call, as facts in the order in which they happened.

The log of these events is the truth; a call in progress, its ticket and every report are functions of
it. Nothing in here is a caller's identifier in the clear: an identifier is sealed before it becomes an event.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class End(StrEnum):
    """How a call ended."""

    COMPLETED = "completed"  # the flow came to its goodbye without an operator
    ANSWERED = "answered"  # an operator and the caller spoke
    ABANDONED_MENU = "abandoned-in-menu"
    ABANDONED_QUEUE = "abandoned-in-queue"
    ABANDONED_RINGING = "abandoned-while-ringing"
    MESSAGE = "voice-message"
    TRANSFERRED = "transferred"  # the caller spoke with somebody outside, and with no operator
    CALLBACK = "callback"  # the caller asked to be called back
    REFUSED = "refused"  # the call could not be served at all
    INTERRUPTED = "interrupted"  # Asterisk or the engine stopped before the call ended
    STATIC = "answered-without-engine"  # Asterisk's own fallback reached a person while no engine was there


class Event(msgspec.Struct, frozen=True, tag_field="type", tag=True, kw_only=True, omit_defaults=True):
    """One fact of a call. ``at``: seconds since 1970, UTC."""

    at: float


class Started(Event, frozen=True, kw_only=True, tag="started"):
    """The call arrived. ``called`` and ``caller`` are E.164, or "" when unknown or withheld.

    ``version``: of the configuration that the call runs on.
    """

    ticket: int
    called: str
    caller: str
    line: str
    region: str
    language: str
    flow: str
    dialled: str = ""
    version: str = ""


class LineChosen(Event, frozen=True, kw_only=True, tag="line"):
    """The call goes on on another line (an unknown number was dialled)."""

    line: str
    region: str
    flow: str


class LanguageChosen(Event, frozen=True, kw_only=True, tag="language"):
    """The caller chose, or the hotline remembered, a language."""

    language: str


class NodeEntered(Event, frozen=True, kw_only=True, tag="node"):
    """The flow came to a node: the path through the menus."""

    flow: str
    node: str


class SectionChosen(Event, frozen=True, kw_only=True, tag="section"):
    """What the call is about. ``term``: by when that is answered, as sections.yaml said then (ivr.flow.term)."""

    section: str
    category: str = ""
    term: str = ""


class Identified(Event, frozen=True, kw_only=True, tag="identified"):
    """The caller gave an identifier that is right in itself.

    ``masked`` may be shown; ``sealed`` is the AES-GCM ciphertext; ``digest`` the keyed hash to search by.
    """

    kind: str
    masked: str
    sealed: str
    digest: str


class Unidentified(Event, frozen=True, kw_only=True, tag="unidentified"):
    """No identifier: ``why`` is ``skipped`` or ``failed`` (three wrong entries)."""

    kind: str
    why: str


class TicketAsked(Event, frozen=True, kw_only=True, tag="ticket-asked"):
    """The caller asked for the status of a request: ``ticket`` is its number, ``found`` whether it exists."""

    ticket: int
    found: bool


class AttributeSet(Event, frozen=True, kw_only=True, tag="attribute"):
    """The flow noted something about the call: a word that a ``branch`` may look at. Never a caller's own data."""

    name: str
    value: str


class PrioritySet(Event, frozen=True, kw_only=True, tag="priority"):
    """From here on the call waits with this priority, whatever the queue's node says."""

    priority: int


class SubFlowEntered(Event, frozen=True, kw_only=True, tag="sub-flow"):
    """The node ``node`` of ``flow`` called another flow, which is to return to it."""

    flow: str
    node: str
    parameters: dict[str, str]


class SubFlowLeft(Event, frozen=True, kw_only=True, tag="returned"):
    """The flow called last is over: by ``return`` with this word, or left for an earlier menu ("")."""

    result: str


class Rated(Event, frozen=True, kw_only=True, tag="rated"):
    """How satisfied the caller is, from 1 to 5."""

    rating: int


class CallbackAsked(Event, frozen=True, kw_only=True, tag="callback"):
    """The caller wants to be called back between ``opens`` and ``closes`` (seconds since 1970).

    ``since``: the moment from which they count as waiting; ``sealed``, ``masked``, ``digest``: the number, as
    Identified has an identifier. ``needs``: what the operator must know, as Queued has it.
    """

    queue: str
    needs: dict[str, int]
    since: float
    opens: float
    closes: float
    masked: str
    sealed: str
    digest: str


class TransferBegan(Event, frozen=True, kw_only=True, tag="transferring"):
    """A number of outside.yaml, by its name there, is rung for the caller."""

    to: str


class TransferEnded(Event, frozen=True, kw_only=True, tag="transferred"):
    """What came of it: ``answered`` and the conversation is over, else as an operator's phone. ``seconds`` of talk."""

    to: str
    outcome: str
    seconds: float


class Queued(Event, frozen=True, kw_only=True, tag="queued"):
    """Waiting for an operator began. A call put back keeps the ``since`` of its first time in the queue.

    ``why``: it waited already, and now waits otherwise for this reason.
    """

    queue: str
    needs: dict[str, int]
    since: float
    why: str = ""


class Offered(Event, frozen=True, kw_only=True, tag="offered"):
    """The router offered the call to an operator, and why to this one.

    ``record_to``: where the conversation will be recorded if there is one, relative to the recordings' folder.
    """

    operator: str
    why: str = ""
    record_to: str = ""


class OfferFailed(Event, frozen=True, kw_only=True, tag="offer-failed"):
    """``why``: ``no-answer``, ``declined``, ``unreachable`` or ``withdrawn``."""

    operator: str
    why: str


class Answered(Event, frozen=True, kw_only=True, tag="answered"):
    """An operator picked up and the two were joined."""

    operator: str


class RecordingStarted(Event, frozen=True, kw_only=True, tag="recording"):
    """The conversation is recorded; ``path`` is relative to the recordings' folder."""

    path: str


class NotRecorded(Event, frozen=True, kw_only=True, tag="not-recorded"):
    """The conversation is not, or not wholly, recorded, and why. ``kept``: what there is of it, as ``path``."""

    why: str
    kept: str = ""


class TalkEnded(Event, frozen=True, kw_only=True, tag="talk-ended"):
    """The conversation ended. ``seconds`` from the answer to its end."""

    operator: str
    seconds: float


CLOSED = "closed"
"""Why waiting ended where the queue took the call no longer."""


class QueueLeft(Event, frozen=True, kw_only=True, tag="queue-left"):
    """Waiting ended without an operator: ``why`` is ``timeout`` or ``closed``."""

    why: str


class MessageLeft(Event, frozen=True, kw_only=True, tag="message"):
    """The caller left a voice message; ``path`` is relative to the recordings' folder."""

    path: str
    seconds: float


class Resumed(Event, frozen=True, kw_only=True, tag="resumed"):
    """An engine took the call up again after another, or an earlier run, had lost it.

    ``version``: of the configuration that it goes on on: perhaps not the one that it began with.
    """

    why: str
    version: str = ""


class LetGo(Event, frozen=True, kw_only=True, tag="let-go"):
    """The engine leaves the call to Asterisk, which rings everybody and then takes a message; and why."""

    why: str


class Ended(Event, frozen=True, kw_only=True, tag="ended"):
    """The call is over; always the last event."""

    end: End
    why: str = ""


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
