"""``callback``: the caller is called back, and keeps their place."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, Field

from ivr import digits
from ivr.calllog.events import CallbackAsked
from ivr.dialogue import EntryEnd, ask, enter, insist, words
from ivr.flow import target
from ivr.flow.loosening import LANGUAGE
from ivr.flow.model import Duration, Name, Node, PromptSlots
from ivr.flow.queues import next_open, open_for, open_within
from ivr.flow.registry import node
from ivr.identifiers.phone import as_dialled, phone
from ivr.messages import Message, Unfit
from ivr.nodes.queue import Needed, skills
from ivr.speech import Groups, Language, Number, Speech

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ivr.call import Call
    from ivr.calllog.state import CallState
    from ivr.flow.queues import Queues
    from ivr.flow.spans import Spans

NUMBER, SOON, WINDOW, KEPT = "callback-number", "callback-soon", "callback-window", "callback-kept"
"""The prompts: is this the number; as soon as possible; from one hour to another; we will call."""

ATTEMPTS = 3
DAYS = 31
"""How far ahead hours are looked for in which somebody can call back."""

SHORTEST = 900.0
"""Seconds of time to call back in that are worth offering."""

YES, ANOTHER, NO = "1", "2", "3"
"""Keys of the first question."""

_WINDOW = re.compile(r"([01]\d|2[0-3]):00-([01]\d|2[0-4]):00")


def _hours(window: str) -> tuple[int, int]:
    """The hours of ``09:00-12:00``. Raises Unfit."""
    match = _WINDOW.fullmatch(window)
    if match is None or int(match[1]) >= int(match[2]):
        raise Unfit(Message("no-window", written=window), Message("write-window"))
    return int(match[1]), int(match[2])


def _window(window: str) -> str:
    _hours(window)
    return window


@node("callback")
class Callback(Node):
    """Asks for the number and a time; both are kept with the ticket, and the place that the caller had in the queue."""

    waits: ClassVar[bool] = True

    callback: Name = Field(description="the queue whose operators call back")
    needs: Needed = Field(default_factory=lambda: {LANGUAGE: "caller"}, description="what the operator must know")
    windows: list[Annotated[str, AfterValidator(_window)]] = Field(
        default_factory=list,
        max_length=7,
        description="times that are offered, if the queue is open then: [09:00-12:00, 12:00-18:00]",
    )
    soon: Duration = Field(
        14400.0, description="how long a call 'as soon as possible' may take, while the queue is open"
    )
    then: Name = Field(description="after it was asked for: a goodbye")
    declined: Name = Field(description="the caller stays on the line, or gives no number: the queue")
    operator: Name | None = Field(None, description="where 0 leads; by default the flow's rescue")

    async def run(self, call: Call) -> str:
        """``asked``, ``declined``, or ``operator``."""
        answer = YES if call.state.caller else ANOTHER
        number = call.state.caller
        if number:
            answer = (
                await _answer(call, words(call, NUMBER, digits=Groups(as_dialled(number))), YES + ANOTHER + NO) or NO
            )
        if answer == ANOTHER:
            answer, number = await _another(call)
        if answer == digits.OPERATOR:
            return "operator"
        return await self._ask(call, number) if answer == YES else "declined"

    async def _ask(self, call: Call, number: str) -> str:
        opens, closes = await self._when(call)
        now, sealed = call.now(), call.vault.seal(phone.name, number)
        since = call.state.queued_since
        call.log(
            CallbackAsked(
                at=now,
                queue=self.callback,
                needs=skills(self.needs, call.state.language),
                since=now if since is None else since,
                opens=opens,
                closes=closes,
                masked=sealed.masked,
                sealed=sealed.sealed,
                digest=sealed.digest,
            )
        )
        await insist(call, words(call, KEPT))
        return "asked"

    async def _when(self, call: Call) -> tuple[float, float]:
        """From when to when (seconds since 1970); as soon as possible where nothing else is chosen.

        Nobody is promised a time at which the queue that calls back is closed.
        """
        queues, now = call.service.queues, call.now()
        offered = self._offered(queues, now, call.line.zone)
        question = words(call, SOON, key=Number(1))
        for number, (start, end) in enumerate(offered, 2):
            question += words(call, WINDOW, start=Number(start), end=Number(end), key=Number(number))
        keys = "".join(str(number) for number in range(1, len(offered) + 2))
        key = await _answer(call, question, keys) if offered else ""
        if key in ("", "1", digits.OPERATOR):
            soonest = next_open(queues, self.callback, now)
            return soonest, open_for(queues, self.callback, soonest, self.soon)
        return list(offered.values())[int(key) - 2]

    def _offered(self, queues: Queues, now: float, zone: tzinfo) -> dict[tuple[int, int], tuple[float, float]]:
        """The hours in which somebody calls back, each with its next time (seconds since 1970)."""
        opened = partial(open_within, queues, self.callback)
        found = {hours: served_window(*hours, now, zone, opened) for hours in map(_hours, self.windows)}
        return {hours: window for hours, window in found.items() if window is not None}

    def edges(self) -> dict[str, str]:
        """Asked for, not wanted, and a person."""
        return {"asked": self.then, "declined": self.declined, "operator": self.operator or target.RESCUE}

    def places(self) -> dict[str, tuple[str, ...]]:
        """``asked`` is named by ``then``."""
        return {"asked": ("then",)}

    def silent(self) -> Iterable[str]:
        """Who presses nothing stays on the line."""
        return ("declined",)

    def prompts(self) -> PromptSlots:
        """The questions, the number's errors and the promise."""
        own = {NUMBER: ("digits",), KEPT: (), "phone-confirm": ("digits",)}
        errors = dict.fromkeys(("phone-ask", "phone-wrong-length", "phone-wrong-check", "no-entry", "wrong-key"), ())
        windows = {SOON: ("key",), WINDOW: ("start", "end", "key")} if self.windows else {}
        return {**own, **errors, **windows}

    def queues(self) -> Iterable[str]:
        """The one whose operators call back."""
        return (self.callback,)

    def demands(self, language: Language, queues: Queues) -> Mapping[str, Mapping[str, int]]:
        """What the operator who calls back must know."""
        return {self.callback: skills(self.needs, language)}

    def unserved(
        self, queues: Queues, at: float, zones: Iterable[tzinfo]
    ) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """Windows that are offered to callers of none of these zones: the queue is closed then."""
        several = tuple(zones)
        offered = {hours for zone in several for hours in self._offered(queues, at, zone)}
        for index, window in enumerate(self.windows):
            if _hours(window) not in offered:
                yield ("windows", index), self.callback

    def resumed(self, state: CallState) -> str | None:
        """What was asked for is kept."""
        return "asked" if state.callback is not None else None


def served_window(
    start: int, end: int, now: float, zone: tzinfo, opened: Callable[[float, float], Spans]
) -> tuple[float, float] | None:
    """The next time within these hours at which the queue is open, to its closing at most (seconds since 1970).

    ``opened``: when it is between two instants. What is shorter than SHORTEST is passed over; None: there is none.
    """
    window = next_window(start, end, now, zone)
    for _ in range(DAYS):
        for opens, closes in opened(*window):
            if closes - opens >= SHORTEST:
                return opens, closes
        window = next_window(start, end, window[1], zone)
    return None


def next_window(start: int, end: int, now: float, zone: tzinfo) -> tuple[float, float]:
    """When the hours from ``start`` to ``end`` are next, what is left of today's included (seconds since 1970)."""
    midnight = datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    for day in (midnight, midnight + timedelta(days=1)):
        opens, closes = (_at(day, hour) for hour in (start, end))
        if now < closes:
            return max(now, opens), closes
    raise AssertionError("tomorrow's hours are still to come")


def _at(midnight: datetime, hour: int) -> float:
    """That hour of the day by the wall, whatever the clocks do in between; 24 is the next midnight."""
    day = midnight + timedelta(days=hour // 24)
    return day.replace(hour=hour % 24).timestamp()


async def _answer(call: Call, question: Speech, keys: str) -> str:
    """One of ``keys`` or ``0``; "" for ``*``, for silence, and for other keys twice."""
    for _ in range(2):
        key = await ask(call, question)
        if key is None or key == digits.BACK:
            return ""
        if key in keys + digits.OPERATOR:
            return key
        await insist(call, words(call, "wrong-key"))
    return ""


async def _another(call: Call) -> tuple[str, str]:
    """Another number: YES and the number in E.164, ``0`` for a person, NO for none that is right."""
    for _ in range(ATTEMPTS):
        entry = await enter(call, words(call, "phone-ask"), phone.lengths)
        if entry.end is EntryEnd.OPERATOR:
            return digits.OPERATOR, ""
        if entry.end in (EntryEnd.SKIP, EntryEnd.BACK):
            return NO, ""
        if wrong := _wrong(entry.end, entry.digits):
            await insist(call, words(call, wrong))
            continue
        question = words(call, "phone-confirm", digits=Groups(phone.grouped(entry.digits)))
        answer = await _answer(call, question, "12")
        if answer == digits.OPERATOR:
            return answer, ""
        if answer == YES:
            return YES, phone.normal(entry.digits)
    return NO, ""


def _wrong(end: EntryEnd, keyed: str) -> str:
    if end is not EntryEnd.DONE:
        return "no-entry"
    if len(keyed) not in phone.lengths:
        return "phone-wrong-length"
    return "" if phone.check(keyed) else "phone-wrong-check"
