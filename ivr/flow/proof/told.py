"""A call that shows what is wrong, in words: what the caller does and hears."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ivr.flow.model import Node
from ivr.flow.proof.calendar import spells
from ivr.flow.proof.subject import Subject
from ivr.flow.proof.ways import CLOSED, TROUBLE, Begin, State, Step
from ivr.flow.service import Line
from ivr.flow.target import Place
from ivr.messages import Message
from ivr.speech import Language

LONGEST = 70
"""Letters of a prompt that are shown."""

TIMES = {1: "times-1", 2: "times-2", 3: "times-3", 4: "times-4", 5: "times-5"}

DAYS = ("on-monday", "on-tuesday", "on-wednesday", "on-thursday", "on-friday", "on-saturday", "on-sunday")

DOES = {
    "menu.otherwise": "does-press-nothing-times",
    "collect.then": "does-key-right",
    "collect.failed": "does-key-wrong-times",
    "collect.found": "does-key-request",
    "collect.not-found": "does-key-unknown-request",
    "collect.lookup-failed": "does-key-request-lookup-failed",
    "collect.skipped": "does-press-hash",
    "choose-language.then": "does-press-nothing",
    "tell-status.lookup-failed": "does-hear-no-status",
    "queue.answered": "does-talk",
    "queue.timeout": "does-wait-in-vain",
    "queue.closed": "does-find-closed",
    "callback.asked": "does-ask-for-callback",
    "callback.declined": "does-stay",
    "survey.skipped": "does-press-nothing",
    "record-message.recorded": "does-leave-message",
    "record-message.empty": "does-say-nothing",
    "record-message.failed": "does-say-message-in-vain",
    "operator": "does-press-0",
    TROUBLE: "does-meet-fault",
    "then": "",
    "enter": "",
    "return": "",
    "end": "",
}
"""``type.outcome``, or an outcome of any type -> the message of what the caller does; a digit is a key pressed."""


def call_told(
    subject: Subject, begin: Begin, steps: Iterable[Step], language: Language | None = None, at: float | None = None
) -> Message:
    """``calls +7 800 555-35-38 on Saturday, … at 03:00, in 'tt'; hears "..."; presses 4; ...``. ``at``: if it matters.

    ``language``: the caller's.
    """
    spoken = language or begin.line.languages[0]
    when = _when(subject, begin) if at is None else moment(begin.line, at)
    called = {"number": _number(begin), "language": spoken}
    parts: list[str] = [Message("calls-when", when=when, **called) if when else Message("calls", **called)]
    for step in steps:
        node = subject.ways.node(step.state)
        says_nothing = node.kind == "queue" and step.outcome == CLOSED
        parts += ["" if says_nothing else _hears(subject, node, spoken), _does(node, step.outcome)]
    return Message("call-told", parts=tuple(part for part in parts if part))


def shortest_call(
    subject: Subject, state: State, after: Iterable[Step] = (), language: Language | None = None
) -> Message:
    """The shortest call to the state, told, and how it goes on from there."""
    begin, steps = subject.ways.call_to(state)
    return call_told(subject, begin, [*steps, *(after or [Step(state, "")])], language)


def path_to(places: Iterable[Place]) -> str:
    """``main.welcome -> main.language``."""
    return " -> ".join(f"{place.flow}.{place.node}" for place in places)


def _number(begin: Begin) -> str:
    number = next(iter(begin.line.numbers), "")
    if not number:
        unknown = begin.line.name == "unknown"
        return Message("a-number-of-no-line") if unknown else Message("a-number-of-the-line", line=begin.line.name)
    return f"+7 {number[2:5]} {number[5:8]}-{number[8:10]}-{number[10:]}" if _russian(number) else number


def _russian(number: str) -> bool:
    return number.startswith("+7") and len(number) == 12


def _when(subject: Subject, begin: Begin) -> Message | None:
    """A time at which this flow answers; None when it always does."""
    times = list(spells(begin.line, subject.at))
    if begin.flow not in {spell.flow for spell in times}:
        return Message("out-of-hours")
    if len(times) == 1:
        return None
    start = next(spell.start for spell in times if spell.flow == begin.flow)
    return moment(begin.line, start)


def moment(line: Line, at: float) -> Message:
    """``on Saturday, 2026-11-21 at 03:00``, by the line's clock."""
    there = datetime.fromtimestamp(at, line.zone)
    weekday, time = Message(DAYS[there.weekday()]), f"{there:%H:%M}"
    return Message("moment", weekday=weekday, year=there.year, month=there.month, day=there.day, time=time)


def _hears(subject: Subject, node: Node, language: Language) -> str:
    for name in node.prompts():
        text = subject.prompts.get((language, name))
        if text is not None:
            words = " ".join(text.words.split())
            return Message("hears", words=f"{words[:LONGEST].rstrip()}{'...' if len(words) > LONGEST else ''}")
        return Message("hears-nothing", prompt=name, language=language)
    return ""


def _does(node: Node, outcome: str) -> str:
    if outcome.isdigit():
        return Message("presses", key=outcome)
    key = DOES.get(f"{node.kind}.{outcome}", DOES.get(outcome))
    if key is None:
        return f"({outcome})" if outcome else ""
    times = Message(TIMES.get(getattr(node, "attempts", 1), "times-many"))
    return Message(key, times=times) if key else ""
