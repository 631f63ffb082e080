"""A call that shows what is wrong, in words: what the caller does and hears."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ivr.flow.model import Node
from ivr.flow.proof.calendar import spells
from ivr.flow.proof.subject import Subject
from ivr.flow.proof.ways import TROUBLE, Begin, State, Step
from ivr.flow.service import Line
from ivr.flow.target import Place
from ivr.speech import Language

LONGEST = 70
"""Letters of a prompt that are shown."""

TIMES = {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times"}

DOES = {
    "menu.otherwise": "presses nothing {times}",
    "collect.then": "keys a right number and confirms it",
    "collect.failed": "keys nothing that is right, {times}",
    "collect.found": "keys a request's number",
    "collect.not-found": "keys a number that no request has",
    "collect.lookup-failed": "keys a request's number, which cannot be looked up now",
    "collect.skipped": "presses #",
    "choose-language.then": "presses nothing",
    "tell-status.lookup-failed": "hears nothing: the request cannot be looked up now",
    "queue.answered": "talks to an operator",
    "queue.timeout": "waits, and nobody answers in time",
    "queue.closed": "finds the queue closed",
    "callback.asked": "asks to be called back",
    "callback.declined": "stays on the line",
    "survey.skipped": "presses nothing",
    "record-message.recorded": "leaves a message",
    "record-message.empty": "says nothing",
    "record-message.failed": "says a message that cannot be stored",
    "operator": "presses 0",
    TROUBLE: "meets a fault of ours",
    "then": "",
    "enter": "",
    "return": "",
    "end": "",
}
"""``type.outcome``, or an outcome of any type -> what the caller does; a digit is a key pressed."""


def call_told(
    subject: Subject, begin: Begin, steps: Iterable[Step], language: Language | None = None, at: float | None = None
) -> str:
    """``calls +7 800 555-35-38 on Saturday at 03:00, in tt; hears "..."; presses 4; ...``. ``at``: if it matters."""
    spoken = language or begin.line.languages[0]
    when = _when(subject, begin) if at is None else f" on {moment(begin.line, at)}"
    parts = [f"calls {_number(begin)}{when}, in {spoken!r}"]
    for step in steps:
        node = subject.ways.node(step.state)
        parts += [_hears(subject, node, spoken), _does(node, step.outcome)]
    return "; ".join(part for part in parts if part)


def shortest_call(subject: Subject, state: State, after: Iterable[Step] = (), language: Language | None = None) -> str:
    """The shortest call to the state, told, and how it goes on from there."""
    begin, steps = subject.ways.call_to(state)
    return call_told(subject, begin, [*steps, *(after or [Step(state, "")])], language)


def path_to(places: Iterable[Place]) -> str:
    """``main.welcome -> main.language``."""
    return " -> ".join(f"{place.flow}.{place.node}" for place in places)


def _number(begin: Begin) -> str:
    number = next(iter(begin.line.numbers), "")
    if not number:
        return f"a number of the line {begin.line.name!r}" if begin.line.name != "unknown" else "a number of no line"
    return f"+7 {number[2:5]} {number[5:8]}-{number[8:10]}-{number[10:]}" if _russian(number) else number


def _russian(number: str) -> bool:
    return number.startswith("+7") and len(number) == 12


def _when(subject: Subject, begin: Begin) -> str:
    """A time at which this flow answers; "" when it always does."""
    times = list(spells(begin.line, subject.at))
    if begin.flow not in {spell.flow for spell in times}:
        return " out of hours"
    if len(times) == 1:
        return ""
    start = next(spell.start for spell in times if spell.flow == begin.flow)
    return f" on {moment(begin.line, start)}"


def moment(line: Line, at: float) -> str:
    """``Saturday, 2026-11-21 at 03:00``, by the line's clock."""
    return f"{datetime.fromtimestamp(at, line.zone):%A, %Y-%m-%d at %H:%M}"


def _hears(subject: Subject, node: Node, language: Language) -> str:
    for name in node.prompts():
        text = subject.prompts.get((language, name))
        if text is not None:
            words = " ".join(text.words.split())
            return f'hears "{words[:LONGEST].rstrip()}{"..." if len(words) > LONGEST else ""}"'
        return f"hears nothing ({name!r} is missing in {language!r})"
    return ""


def _does(node: Node, outcome: str) -> str:
    if outcome.isdigit():
        return f"presses {outcome}"
    times = TIMES.get(getattr(node, "attempts", 1), "again and again")
    words = DOES.get(f"{node.kind}.{outcome}", DOES.get(outcome))
    return (f"({outcome})" if outcome else "") if words is None else words.format(times=times)
