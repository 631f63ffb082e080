"""The words of routing: contacts wait, operators serve, an offer joins the two, a decision explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

Skill = str
"""``technical``, or ``language.ru`` for a language: one kind of thing, so one rule."""

Needs = Mapping[Skill, int]
"""Skill -> lowest level that will do, 1 to 5. Empty: anybody."""


_NOTHING: Needs = {}
"""One for all contacts: a hundred thousand may wait. For the same reason Python's collector of garbage, which else goes
through all of them, is told (``gc=False``) that no circle begins at a contact or at an offer."""


class OperatorState(StrEnum):
    """Where an operator is; what may follow what is in routing.states."""

    __hash__ = str.__hash__  # Enum's own is written in Python, and a decision asks for it a dozen times

    OFFLINE = "offline"
    READY = "ready"
    OFFERED = "offered"  # the phone rings
    TALKING = "talking"
    AFTER_CALL = "after-call-work"
    NOT_READY = "not-ready"


class OfferOutcome(StrEnum):
    """How an offer ended without a conversation."""

    NO_ANSWER = "no-answer"  # ring-no-answer (RONA)
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"  # the caller hung up while it rang
    EXPIRED = "expired"  # nobody said in time how the offer ended


class OfferState(StrEnum):
    """Where an offer is; the last five are the outcomes without a conversation, of the same names."""

    __hash__ = str.__hash__

    PENDING = "pending"
    ACCEPTED = "accepted"
    FINISHED = "finished"  # there was a conversation, and it is over
    NO_ANSWER = "no-answer"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Queue:
    """What a queue declares, times in seconds. ``strategy``: of routing.strategies; ``order``: of routing.orders.

    ``head_start``: the wait that a step of priority counts for. ``leave_free``: skill -> how many free operators who
    have it these calls leave free for others. ``share``: in the order target-share, how many of its calls are served
    to one of a queue of share 1.

    ``reask``: who refused a call is not asked for it again until everybody else on duty has been, but no longer
    than this: a caller is not kept from the only free operator for the length of somebody else's conversation.
    """

    name: str
    strategy: str = "longest-idle"
    ring: float = 20.0
    wrap_up: float = 0.0
    open: bool = True
    reask: float = 60.0
    order: str = "head-start"
    head_start: float = 60.0
    leave_free: Needs = field(default_factory=dict)
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Operator:
    """Who serves: skill -> level (1 to 5), languages among them as ``language.ru``."""

    id: str
    skills: Needs = field(default_factory=dict)


class Sign(StrEnum):
    """What a loosening goes by; its ``least`` says how much of it."""

    __hash__ = str.__hash__

    AFTER = "after"  # seconds of waiting
    WAITING = "waiting"  # contacts that wait in its queue
    EXPECTED = "expected"  # seconds that whoever comes to its queue is likely to wait
    IDLE = "idle"  # free operators who could take it then


@dataclass(frozen=True, slots=True)
class Loosening:
    """What a contact does without, once there is so much of the sign; not taken back while it waits.

    ``needs``: skill -> a lower level, 0 for none. ``any_of``: will do as well as what it needs one of. ``prefer``
    False: nobody is preferred any more. ``priority``: at least this.
    """

    when: Sign
    least: float
    needs: Needs = field(default_factory=lambda: _NOTHING)
    any_of: Needs = field(default_factory=lambda: _NOTHING)
    prefer: bool = True
    priority: int | None = None


class Contact(msgspec.Struct, frozen=True, gc=False):
    """Who waits. ``since``: when the waiting began (s), kept when the contact is put back.

    ``relax``: from so many seconds of waiting on, these needs hold instead of the earlier ones. ``prefer``: operators
    who have this too come before the others who are free. ``operator``: only they are asked for the first ``sticky``
    seconds of waiting, as long as they are on duty, can take it and have not refused it. ``rises``: from so many
    seconds of waiting on, the priority is at least this. ``loosen``: what it does without when there is need.
    """

    id: str
    queue: str
    since: float
    needs: Needs = msgspec.field(default_factory=lambda: _NOTHING)
    relax: tuple[tuple[float, Needs], ...] = ()
    priority: int = 0
    prefer: Needs = msgspec.field(default_factory=lambda: _NOTHING)
    operator: str = ""
    sticky: float = 0.0
    rises: tuple[tuple[float, int], ...] = ()
    loosen: tuple[Loosening, ...] = ()


class Offer(msgspec.Struct, frozen=True, gc=False):
    """A lease: the operator is offered this contact and nothing else until it ends or ``expires`` (s).

    ``made``: when (s, by the dispatcher's clock). ``ring``: seconds to ring.
    """

    token: str
    contact: str
    operator: str
    expires: float
    queue: str = ""
    ring: float = 20.0
    made: float = 0.0
