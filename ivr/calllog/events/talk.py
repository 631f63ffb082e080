"""Waiting, ringing and talking."""

from __future__ import annotations

from typing import Any

from ivr.calllog.events.event import Event

CLOSED = "closed"
"""Why waiting ended where the queue took the call no longer."""


class Queued(Event, frozen=True, kw_only=True, tag="queued"):
    """Waiting for an operator began. A call put back keeps the ``since`` of its first time in the queue.

    ``why``: it waited already, and now waits otherwise for this reason. ``unmet``: why nobody on the roster could
    take it; "" when somebody can.
    """

    queue: str
    needs: dict[str, int]
    since: float
    why: str = ""
    unmet: str = ""


class QueueLeft(Event, frozen=True, kw_only=True, tag="queue-left"):
    """Waiting ended without an operator: ``why`` is ``timeout`` or ``closed``."""

    why: str


class Decided(Event, frozen=True, kw_only=True, tag="decided"):
    """What the router saw when it offered the call, or when the call stopped waiting without an answer.

    ``seen``: in the form of routing.explain.written, of which the reasons follow: ``ivr why``.
    """

    seen: dict[str, Any]


class Offered(Event, frozen=True, kw_only=True, tag="offered"):
    """The router offered the call to an operator.

    ``record_to``: where the conversation will be recorded if there is one, relative to the recordings' folder.
    """

    operator: str
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


class TransferBegan(Event, frozen=True, kw_only=True, tag="transferring"):
    """A number of outside.yaml, by its name there, is rung for the caller."""

    to: str


class TransferEnded(Event, frozen=True, kw_only=True, tag="transferred"):
    """What came of it: ``answered`` and the conversation is over, else as an operator's phone. ``seconds`` of talk."""

    to: str
    outcome: str
    seconds: float
