"""What the caller gave, asked for and left."""

from __future__ import annotations

from ivr.calllog.events.event import Event


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
    """The caller asked for the status of a request: ``ticket`` is its number, ``found`` whether it exists.

    ``operator``: who spoke with its caller.
    """

    ticket: int
    found: bool
    operator: str = ""


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


class MessageLeft(Event, frozen=True, kw_only=True, tag="message"):
    """The caller left a voice message; ``path`` is relative to the recordings' folder."""

    path: str
    seconds: float
