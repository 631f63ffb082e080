"""What people and rules do to a ticket, as facts in their order: rows that are added and never changed.

A ticket is the fold of its call's events (ivr.calllog.events), where a call brought it, and of these. Nothing in here
is personal data in the clear: names, contacts and identifiers are sealed before they become an event. What is written
in words (demand, comments, reasons) is kept as written.
"""

from __future__ import annotations

from datetime import date
from typing import TypedDict

import msgspec


class Said(TypedDict):
    """When and by whom: what every event begins with."""

    at: float
    by: str


class TicketEvent(msgspec.Struct, frozen=True, tag_field="type", tag=True, kw_only=True, omit_defaults=True):
    """One fact of a ticket. ``at``: seconds since 1970 (UTC); ``by``: who, as the history shows them."""

    at: float
    by: str


class Opened(TicketEvent, frozen=True, kw_only=True, tag="opened"):
    """A contact that no call brought: a letter, a chat, a web form. ``term``: as ivr.flow.term reads it."""

    channel: str
    line: str = ""
    region: str = ""
    language: str = ""
    section: str = ""
    category: str = ""
    term: str = ""
    complexity: int = 1


class Moved(TicketEvent, frozen=True, kw_only=True, tag="status"):
    """From one status (ivr.tickets.statuses) to another."""

    before: str
    after: str
    reason: str = ""


class Classified(TicketEvent, frozen=True, kw_only=True, tag="classified"):
    """What it is about, as somebody judged; the call's own choice counts no more."""

    section: str
    category: str = ""
    term: str = ""
    complexity: int = 1


class Prioritised(TicketEvent, frozen=True, kw_only=True, tag="priority"):
    """How soon it is worked: from 0 (usual) to 9, and why."""

    priority: int
    why: str = ""


class Assigned(TicketEvent, frozen=True, kw_only=True, tag="assigned"):
    """Who works it: an operator's id; "" for nobody."""

    operator: str


class Demanded(TicketEvent, frozen=True, kw_only=True, tag="demand"):
    """What the applicant wants, in words."""

    text: str


class Sealed(TicketEvent, frozen=True, kw_only=True):
    """A personal datum: ``masked`` may be shown, ``sealed`` is its ciphertext, ``digest`` the keyed hash."""

    kind: str
    masked: str
    sealed: str
    digest: str


class Given(Sealed, frozen=True, kw_only=True, tag="identified"):
    """An identifier of the applicant, of a kind of ivr.identifiers."""


class Contact(Sealed, frozen=True, kw_only=True, tag="applicant"):
    """The applicant's name, phone, e-mail or address (CONTACTS); a later one of a kind takes its place."""


class NoticeChosen(TicketEvent, frozen=True, kw_only=True, tag="notice"):
    """How the applicant wants to be told of changes (NOTICES)."""

    way: str


class Concluded(TicketEvent, frozen=True, kw_only=True, tag="outcome"):
    """What came of it; ``first_call``: whether it was solved in the first call."""

    outcome: str
    first_call: bool | None = None


class WrappedUp(TicketEvent, frozen=True, kw_only=True, tag="wrap-up"):
    """What an operator said came of the call, by a code of queues.yaml; the last one counts."""

    code: str


class Commented(TicketEvent, frozen=True, kw_only=True, tag="comment"):
    """Something that somebody noted."""

    text: str


class Linked(TicketEvent, frozen=True, kw_only=True, tag="linked"):
    """It belongs with the ticket ``to``; ``why`` is one of LINKS."""

    to: int
    why: str


class Unlinked(TicketEvent, frozen=True, kw_only=True, tag="unlinked"):
    """It does not belong with the ticket ``to`` after all."""

    to: int


class Attached(TicketEvent, frozen=True, kw_only=True, tag="attached"):
    """A file: ``name`` as its sender called it, ``size`` in bytes, and the SHA-256 under which it is kept."""

    name: str
    media: str
    size: int
    sha256: str


class Extended(TicketEvent, frozen=True, kw_only=True, tag="extended"):
    """It is answered by the end of the day ``until``, for a reason; ``before``: the day that was promised."""

    until: date
    reason: str
    before: date | None = None


class Escalated(TicketEvent, frozen=True, kw_only=True, tag="escalated"):
    """Handed up to a level of ivr.flow.escalation, by a person or by a rule (``rule``: its name)."""

    to: str
    why: str
    rule: str = ""


class Verified(TicketEvent, frozen=True, kw_only=True, tag="verified"):
    """The applicant was asked who they are: ``way`` is ``code`` or ``question``, ``outcome`` one of VERDICTS."""

    way: str
    outcome: str


class NoticeDue(TicketEvent, frozen=True, kw_only=True, tag="notice-due"):
    """The applicant is to be told of ``what`` (``status``, ``deadline``), by ``way``."""

    way: str
    what: str


class Revealed(TicketEvent, frozen=True, kw_only=True, tag="revealed"):
    """Somebody was shown a sealed datum in the clear: its kind, and why they asked."""

    kind: str
    why: str


AnyTicketEvent = (
    Opened
    | Moved
    | Classified
    | Prioritised
    | Assigned
    | Demanded
    | Given
    | Contact
    | NoticeChosen
    | Concluded
    | WrappedUp
    | Commented
    | Linked
    | Unlinked
    | Attached
    | Extended
    | Escalated
    | Verified
    | NoticeDue
    | Revealed
)

CHANNELS = ("phone", "letter", "chat", "web-form", "e-mail", "visit")
"""How contacts come; ``phone`` by calls alone."""

CONTACTS = ("name", "phone", "e-mail", "address")
NOTICES = ("sms", "e-mail", "push", "call", "letter", "none")
LINKS = ("same-person", "same-matter", "said")
"""Why two tickets belong together; ``said``: somebody says so."""

VERDICTS = ("passed", "failed", "expired")
"""What came of asking who the applicant is."""

TOP_PRIORITY = 9

ASIDE = (NoticeDue, Revealed)
"""What is told in the history but changes nothing that two editors could collide about."""

WRITTEN = (Demanded, Concluded, Commented)
"""What people write and may search for."""
