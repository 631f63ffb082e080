"""How a call begins, is taken up again, and ends."""

from __future__ import annotations

from enum import StrEnum

from ivr.calllog.events.event import Event


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
