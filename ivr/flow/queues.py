"""queues.yaml: where callers wait, when somebody is there, and where the call goes on when nobody is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Annotated

from pydantic import Field, model_validator

from ivr.flow.hours import ALWAYS
from ivr.flow.loader import Source
from ivr.flow.model import Duration, Form, LanguageCode, Name, Pause, Texts
from ivr.flow.problem import Problem
from ivr.flow.spans import Spans, open_spans, union
from ivr.flow.zoned import EVER, Zoned, Zones
from ivr.messages import Message, Unfit
from routing.model import Queue
from routing.orders import ORDERS, SHARED
from routing.strategies import STRATEGIES

QUEUES = "queues.yaml"
"""Its name in the configuration's folder."""

LONGEST_WAIT = 1500.0
"""Seconds, where nothing else is written."""

LOOKED_AHEAD = 31 * 86400.0
"""Seconds: no holidays are longer."""


def _any_of(known: Iterable[str]) -> str:
    *others, last = sorted(known)
    return f"{', '.join(others)} or {last}"


class WaitingForm(Form):
    """How calls wait in a queue, and are offered."""

    ring: Duration = Field(20.0, description="how long an operator's phone rings")
    wrap_up: Pause = Field(10.0, description="after-call work; 0s for none")
    strategy: Name = Field("longest-idle", description=f"who is offered the call: {_any_of(STRATEGIES)}")
    order: Name = Field("head-start", description=f"who is served first: {_any_of(ORDERS)}")
    head_start: Pause = Field(60.0, description="in the order head-start, the wait that a step of priority counts for")
    leave_free: dict[Name, Annotated[int, Field(ge=1, le=1000)]] = Field(
        default_factory=dict,
        description="skill -> how many free operators who have it are left free for other calls: {technical: 2}",
    )
    share: Annotated[float, Field(ge=0.01, le=1000)] = Field(
        1.0, description="in the order target-share, how many of its calls are served to one of a queue of share 1"
    )
    max_wait: Duration = Field(
        LONGEST_WAIT, description="the longest wait, overflow included, where the flow's node names no other"
    )
    priority: int = Field(0, ge=-100, le=100, description="higher goes first, where the flow's node names no other")

    @model_validator(mode="after")
    def _shares_what_is_shared(self) -> WaitingForm:
        if "share" in self.model_fields_set and self.order in ORDERS and self.order not in SHARED:
            raise Unfit(Message("share-without-order", order=self.order), Message("order-by-share"))
        return self


class QueueForm(WaitingForm):
    """One queue of queues.yaml."""

    names: dict[LanguageCode, str] = Field(
        default_factory=dict, description="the queue's name in each language, as operators read it"
    )
    time_zone: str | None = Field(None, description="of the IANA data base, say Europe/Moscow; needed with 'hours'")
    hours: str | dict[str, str] = Field(
        ALWAYS, description="when it takes calls, as a line's: {mon-fri: 09:00-18:00, holidays: closed}"
    )
    overflow: Name | None = Field(None, description="the queue for who comes while this one is closed")
    overflow_after: Duration | None = Field(
        None, description="goes over to 'overflow' after so long a wait, too; by default only when this one is closed"
    )
    wrap_up_codes: list[Name] | None = Field(
        None, description="what an operator may say came of a call; by default all of 'wrap-up-codes'"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> QueueForm:
        if self.hours != ALWAYS and self.time_zone is None:
            raise Unfit(Message("hours-without-zone"), Message("add-time-zone"))
        if self.overflow_after is not None and self.overflow is None:
            raise Unfit(Message("overflow-leads-nowhere"), Message("add-overflow"))
        return self


class QueuesForm(Form):
    """queues.yaml."""

    wrap_up_codes: dict[Name, dict[LanguageCode, str]] = Field(
        default_factory=dict, description="code -> its name in each language: {ru: Вопрос решён, en: Resolved}"
    )
    queues: dict[Name, QueueForm] = Field(min_length=1, description="name -> queue")


@dataclass(frozen=True, slots=True)
class ServiceQueue(Queue):
    """A queue as the hotline has it: the router's, and what only the hotline knows of it. Times in seconds.

    ``overflow_after``: of waiting in all; None leads on only when it is closed. ``codes``: of wrap-up, in their order.
    ``suspended``: by an emergency measure (ivr.flow.emergency), whatever its hours are.
    """

    opening: Zoned = field(default=EVER)
    overflow: str | None = None
    overflow_after: float | None = None
    max_wait: float = LONGEST_WAIT
    priority: int = 0
    codes: tuple[str, ...] = ()
    names: Texts = field(default_factory=dict, compare=False)
    suspended: bool = False

    def takes(self, at: float) -> bool:
        """Whether calls may come to it ``at`` (seconds since 1970)."""
        return not self.suspended and self.opening.on(at)

    @property
    def routed(self) -> Queue:
        """As the router is to have it, which knows nothing of hours."""
        return Queue(**{each.name: getattr(self, each.name) for each in fields(Queue)})


Queues = Mapping[str, ServiceQueue]
"""Every queue by its name."""


def queues(form: QueuesForm, source: Source) -> tuple[tuple[Queues, Mapping[str, Texts]], list[Problem]]:
    """The queues and the wrap-up codes, and what of them makes no sense in itself."""
    zones = Zones(source)
    found = {}
    for name, each in form.queues.items():
        opening = zones.read(each.hours, each.time_zone, ("queues", name)) if each.time_zone else EVER
        codes = form.wrap_up_codes if each.wrap_up_codes is None else each.wrap_up_codes
        routed = queue_of(name, each)
        found[name] = replace(
            routed,
            opening=opening,
            overflow=each.overflow,
            overflow_after=each.overflow_after,
            codes=tuple(codes),
            names=each.names,
        )
    return (found, form.wrap_up_codes), zones.problems


def queue_of(name: str, form: WaitingForm) -> ServiceQueue:
    """The queue of this form: always open, and leading nowhere."""
    return ServiceQueue(name=name, **{each: getattr(form, each) for each in WaitingForm.model_fields})


def chain(known: Queues, name: str) -> tuple[str, ...]:
    """The queue and those that it overflows to, one after another; each once, and only those that there are."""
    found: dict[str, None] = {}
    while name in known and name not in found:
        found[name] = None
        name = known[name].overflow or ""
    return tuple(found)


def first_open(known: Queues, names: Iterable[str], at: float) -> str | None:
    """The first of these that takes calls ``at`` (seconds since 1970)."""
    return next((name for name in names if known[name].takes(at)), None)


def entry(known: Queues, name: str, at: float) -> str | None:
    """Where a call waits that comes to this queue ``at``; None when it is closed, and all that it overflows to.

    A queue that there is not is left to the router to refuse.
    """
    return first_open(known, chain(known, name), at) if name in known else name


def next_open(known: Queues, name: str, at: float) -> float:
    """When a call could first wait in this queue, or in one that it overflows to, from ``at`` on (seconds since 1970).

    ``at`` itself for a queue that does not open within the time that is looked ahead.
    """
    return next((start for start, _ in _open(known, name, at)), at)


def open_for(known: Queues, name: str, at: float, seconds: float) -> float:
    """When it will have been open for so long since ``at``; a queue that does not open counts as always open."""
    left, end = seconds, at
    for start, end in _open(known, name, at):
        if start + left <= end:
            return start + left
        left -= end - start
    return end + left


def open_within(known: Queues, name: str, start: float, end: float) -> Spans:
    """When this queue, or one that it overflows to, is open between two instants (seconds since 1970)."""
    return union(open_spans(known[each].opening, start, end) for each in chain(known, name))


def _open(known: Queues, name: str, at: float) -> Spans:
    return open_within(known, name, at, at + LOOKED_AHEAD)


def overflows(known: Queues) -> Iterator[tuple[str, ...]]:
    """Each circle of queues that overflow to each other for ever."""
    told: set[str] = set()
    for name in known:
        along = chain(known, name)
        again = known[along[-1]].overflow
        if again in along and again not in told:
            circle = along[along.index(again) :]
            told.update(circle)
            yield circle
