"""A day's calls, and who took them, as something to simulate.

Conversations last as they did; of callers who were not answered, as those of the same queue did. Nobody knows how much
longer an answered caller would have waited: without memory, as long as all of the day waited for each who hung up (the
estimate of Mandelbaum and Zeltyn 2007). Shifts are not in the database: an operator was on duty from their first answer
to the end of their last conversation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ivr.tickets.day import WaitedCall
from routing.model import Contact, Operator
from routing.simulate.draws import FOR_EVER, Constant, Draw, Empirical, Exponential
from routing.simulate.scenario import Recorded, Staff, Stream

Kind = tuple[str, str, str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Duty:
    """From an operator's first answer to the end of their last conversation (s since 1970)."""

    start: float
    end: float


def streams(calls: Sequence[WaitedCall], midnight: float) -> tuple[Stream, ...]:
    """The calls by queue, language, section and needs; ``midnight`` in seconds since 1970."""
    kinds: dict[Kind, list[WaitedCall]] = {}
    for call in calls:
        key = (call.queue, call.language, call.section, tuple(sorted(call.needs.items())))
        kinds.setdefault(key, []).append(call)
    patience = {queue: _patience(_of(calls, queue)) for queue in {call.queue for call in calls}}
    talks = {queue: _talks(_of(calls, queue)) for queue in patience}
    return tuple(
        Stream(
            f"{number}",
            Contact("", queue, 0.0, dict(needs)),
            talks[queue],
            patience=patience[queue],
            calls=tuple(_recorded(call, midnight) for call in kinds[queue, language, section, needs]),
            language=language,
            kind=section,
        )
        for number, (queue, language, section, needs) in enumerate(kinds)
    )


def staff(calls: Sequence[WaitedCall], skills: Mapping[str, Mapping[str, int]], midnight: float) -> tuple[Staff, ...]:
    """Who answered; ``skills`` by operator. Of one who is gone since, what their calls of the day needed."""
    duties: dict[str, Duty] = {}
    needed: dict[str, dict[str, int]] = {}
    for call in calls:
        if call.answered is not None:
            duty = duties.get(call.operator, Duty(call.answered, call.answered))
            end = max(duty.end, call.answered + call.talked)
            duties[call.operator] = Duty(min(duty.start, call.answered), end)
            own = needed.setdefault(call.operator, {})
            own.update({skill: max(level, own.get(skill, 0)) for skill, level in call.needs.items()})
    return tuple(
        Staff(Operator(name, skills.get(name, needed[name])), ((duty.start - midnight, duty.end - midnight),))
        for name, duty in sorted(duties.items())
    )


def _of(calls: Iterable[WaitedCall], queue: str) -> list[WaitedCall]:
    return [call for call in calls if call.queue == queue]


def _recorded(call: WaitedCall, midnight: float) -> Recorded:
    at = call.queued - midnight
    if call.answered is None:
        return Recorded(at, patience=call.left or 0.0)
    return Recorded(at, service=call.talked, waited=max(0.0, call.answered - call.queued))


def _patience(calls: Sequence[WaitedCall]) -> Draw:
    left = [call.left for call in calls if call.left is not None]
    waits = math.fsum(left) + math.fsum(call.answered - call.queued for call in calls if call.answered is not None)
    return Exponential(max(1.0, waits / len(left))) if left else FOR_EVER


def _talks(calls: Sequence[WaitedCall]) -> Draw:
    talked = tuple(call.talked for call in calls if call.answered is not None)
    return Empirical(talked) if talked else Constant(180.0)
