"""``branch``: the call goes on by what is known of it, and nothing is said."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from ivr.area_codes import region_of
from ivr.flow.calendar import KINDS, kind_of_day
from ivr.flow.hours import read_hours
from ivr.flow.model import Duration, Name, Node, kebab, seconds
from ivr.flow.problem import did_you_mean
from ivr.flow.queues import entry
from ivr.flow.registry import node
from ivr.messages import Message, Unfit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivr.call import Call

OTHERWISE = "otherwise"
Word = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Written = dict[str, str]
"""Hours by days, as in regions.yaml."""

_OVER = re.compile(r"over (.+)")
_DAY = 86400.0


def _readable(hours: str | Written | None) -> str | Written | None:
    if hours is not None:
        read_hours(hours)
    return hours


@node("branch")
class Branch(Node):
    """Goes on by hours, holiday, region, language, the caller or the queue; each word under ``when`` has its node.

    What is possible beside these words goes on at ``otherwise``. ``region`` is the line's,
    ``caller-region`` the one of the caller's number, as far as its area code tells.
    """

    branch: Literal[
        "hours",
        "holiday",
        "region",
        "caller-region",
        "language",
        "identified",
        "repeat",
        "waiting",
        "expected-wait",
        "attribute",
    ] = Field(description="what decides")
    when: dict[Word, Name] = Field(min_length=1, description="word -> node: {open: main}, {over 10: busy}")
    otherwise: Name | None = Field(None, description="the node for everything else")
    hours: Annotated[str | Written | None, AfterValidator(_readable)] = Field(
        None, description="of 'branch: hours': these in place of the line's own"
    )
    queue: Name | None = Field(
        None,
        description="of 'branch: waiting' and 'expected-wait': the queue; of 'hours': its hours, overflow included",
    )
    attribute: Name | None = Field(None, description="of 'branch: attribute': its name")
    within: Duration = Field(_DAY, description="of 'branch: repeat': how far back an earlier call counts")

    @model_validator(mode="after")
    def _makes_sense(self) -> Branch:
        subject = SUBJECTS[self.branch]
        if subject.key and getattr(self, subject.key) is None:
            raise Unfit(Message("key-missing", key=subject.key), Message("add-key", key=subject.key))
        for key in ("hours", "queue", "attribute"):
            if getattr(self, key) is not None and key not in (subject.key, *subject.may):
                raise Unfit(Message("branch-has-no-key", branch=self.branch, key=kebab(key)), Message("take-it-out"))
        if self.hours is not None and self.queue is not None:
            raise Unfit(Message("queue-has-its-hours"), Message("take-hours-or-queue-out"))
        for word in self.when:
            subject.read(word)
        missing = [word for word in subject.words or (OTHERWISE,) if word not in self.when]
        if missing and self.otherwise is None:
            raise Unfit(Message("nothing-said-of", words=tuple(missing)), Message("add-otherwise"))
        return self

    async def run(self, call: Call) -> str:
        """One of ``edges()``: the word that fits, else ``otherwise``."""
        word = await SUBJECTS[self.branch].look(self, call)
        return word if word in self.edges() else OTHERWISE

    def edges(self) -> dict[str, str]:
        """Every word that there can be, and ``otherwise`` where there can be others."""
        words = SUBJECTS[self.branch].words
        if words:
            return {word: self.when.get(word) or str(self.otherwise) for word in words}
        return {**self.when, OTHERWISE: str(self.otherwise)}

    def places(self) -> dict[str, tuple[str, ...]]:
        """Words are named under ``when``."""
        return {word: ("when", word) if word in self.when else (OTHERWISE,) for word in self.edges()}

    def queues(self) -> Iterable[str]:
        """The one that is looked at."""
        return (self.queue,) if self.queue else ()


def _any(word: str) -> None:
    """Any word may stand there."""


def _number(word: str) -> float:
    match = _OVER.fullmatch(word)
    if match is None or not match[1].isdecimal():
        raise Unfit(Message("no-number-of-callers", written=word), Message("write-over-number"))
    return float(match[1])


def _length(word: str) -> float:
    match = _OVER.fullmatch(word)
    if match is None:
        raise Unfit(Message("no-length", written=word), Message("write-over-length"))
    return float(str(seconds(match[1])))


def _over(value: float | None, when: Mapping[str, str], read: Callable[[str], float]) -> str:
    """The word of the highest limit that ``value`` is over."""
    passed = [(read(word), word) for word in when if value is not None and value > read(word)]
    return max(passed)[1] if passed else OTHERWISE


async def _hours(branch: Branch, call: Call) -> str:
    if branch.queue is not None:
        return "open" if entry(call.queues, branch.queue, call.now()) else "closed"
    line = call.line
    hours = line.hours if branch.hours is None else read_hours(branch.hours)
    return "open" if hours.open_at(call.now(), line.zone) else "closed"


async def _holiday(_: Branch, call: Call) -> str:
    return kind_of_day(datetime.fromtimestamp(call.now(), call.line.zone).date())


async def _region(_: Branch, call: Call) -> str:
    return call.state.region


async def _caller_region(_: Branch, call: Call) -> str:
    return region_of(call.state.caller, call.service.lines.values())


async def _language(_: Branch, call: Call) -> str:
    return call.state.language


async def _identified(_: Branch, call: Call) -> str:
    return "identified" if call.state.identifiers else "unknown"


async def _repeat(branch: Branch, call: Call) -> str:
    caller, began = call.state.caller, call.state.started
    earlier = await call.around.calls_between(caller, began - branch.within, began) if caller else 0
    return "repeat" if earlier else "first"


async def _waiting(branch: Branch, call: Call) -> str:
    return _over(call.around.waiting(branch.queue or ""), branch.when, _number)


async def _expected_wait(branch: Branch, call: Call) -> str:
    return _over(call.around.expected_wait(branch.queue or ""), branch.when, _length)


async def _attribute(branch: Branch, call: Call) -> str:
    return call.state.attribute(branch.attribute or "")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a branch may look at. ``words``: all that there are, () for any that ``read`` takes.

    ``read`` raises Unfit. ``key`` is a field that it needs, ``may`` those that it may have.
    """

    look: Callable[[Branch, Call], Awaitable[str]]
    words: tuple[str, ...] = ()
    key: str = ""
    may: tuple[str, ...] = ()
    understand: Callable[[str], object] = _any

    def read(self, word: str) -> None:
        """Raises Unfit for a word that makes no sense here."""
        if self.words and word not in self.words:
            raise Unfit(Message("branch-word-cannot-be", word=word), did_you_mean(word, self.words))
        self.understand(word)


SUBJECTS: dict[str, Subject] = {
    "hours": Subject(_hours, ("open", "closed"), may=("hours", "queue")),
    "holiday": Subject(_holiday, KINDS),
    "region": Subject(_region),
    "caller-region": Subject(_caller_region),
    "language": Subject(_language),
    "identified": Subject(_identified, ("identified", "unknown")),
    "repeat": Subject(_repeat, ("first", "repeat")),
    "waiting": Subject(_waiting, key="queue", understand=_number),
    "expected-wait": Subject(_expected_wait, key="queue", understand=_length),
    "attribute": Subject(_attribute, key="attribute"),
}
"""By the word after ``branch:``."""
