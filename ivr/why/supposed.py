"""``op7 had payments:3``, ``у op7 было payments:3``: what may be supposed, in English and in Russian. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ivr.flow.model import seconds
from ivr.flow.problem import did_you_mean
from ivr.messages import Message, trouble
from ivr.rostered import SERVES, SPEAKS
from ivr.why.known import Known
from routing.explain.suppose import Chose, Had, Needed, Priority, Supposition, Took, Waited, Were
from routing.strategies import STRATEGIES

MOST = 20
"""Suppositions, at most."""

LEVELS = range(6)
PRIORITIES = range(-100, 101)

_LENGTHS = {"с": "s", "м": "m", "ч": "h"}

Make = Callable[..., Supposition]

_FORMS: tuple[tuple[str, Make], ...] = (
    (r"(?P<o>\S+) (?:was|were|had been) ready", lambda o: Were(o, ready=True)),
    (r"(?P<o>\S+) (?:was|were|had been) (?:not ready|away|absent)", lambda o: Were(o, ready=False)),
    (r"(?P<o>\S+) had not refused(?: it)?", Took),
    (r"(?P<o>\S+) had no (?P<s>[^\s:]+)", lambda o, s: Had(o, s, 0)),
    (r"(?P<o>\S+) lacked (?P<s>[^\s:]+)", lambda o, s: Had(o, s, 0)),
    (r"(?P<o>\S+) had (?P<s>[^\s:]+):(?P<n>\d+)", lambda o, s, n: Had(o, s, int(n))),
    (r"(?P<o>\S+) spoke (?P<w>[a-z]{2,3})", lambda o, w: Had(o, SPEAKS + w, 5)),
    (r"(?P<o>\S+) served (?P<w>\S+)", lambda o, w: Had(o, SERVES + w, 1)),
    (r"the call needed no (?P<s>[^\s:]+)", lambda s: Needed(s, 0)),
    (r"the call needed (?P<s>[^\s:]+):(?P<n>\d+)", lambda s, n: Needed(s, int(n))),
    (r"the call had priority (?P<p>-?\d+)", lambda p: Priority(int(p))),
    (r"the call had waited (?P<t>\S+)", lambda t: Waited(float(t))),
    (r"the queue chose (?P<c>\S+)", Chose),
    (r"(?P<o>\S+) был[аи]? готов[аы]?", lambda o: Were(o, ready=True)),
    (r"(?P<o>\S+) (?:был[аи]? не готов[аы]?|не был[аи]? готов[аы]?|отсутствовал[аи]?)", lambda o: Were(o, ready=False)),
    (r"(?P<o>\S+) не отказ(?:ал|ывал)(?:ся|ась|ись)", Took),
    (r"у (?P<o>\S+) не было (?P<s>[^\s:]+)", lambda o, s: Had(o, s, 0)),
    (r"у (?P<o>\S+) был[оаи]? (?P<s>[^\s:]+):(?P<n>\d+)", lambda o, s, n: Had(o, s, int(n))),
    (r"(?P<o>\S+) говорил[аи]? на (?P<w>[a-z]{2,3})", lambda o, w: Had(o, SPEAKS + w, 5)),
    (r"(?P<o>\S+) обслуживал[аи]? (?P<w>\S+)", lambda o, w: Had(o, SERVES + w, 1)),
    (r"звонку не (?:требовалось|требовался|нужно было) (?P<s>[^\s:]+)", lambda s: Needed(s, 0)),
    (r"звонку (?:требовалось|требовался|нужно было) (?P<s>[^\s:]+):(?P<n>\d+)", lambda s, n: Needed(s, int(n))),
    (r"у звонка был приоритет (?P<p>-?\d+)", lambda p: Priority(int(p))),
    (r"звонок ждал (?P<t>\S+)", lambda t: Waited(float(t))),
    (r"очередь выбирала (?P<c>\S+)", Chose),
)
"""The first that fits counts. What stands for what: o an operator, s a skill, n its level, w a language or a queue."""

_COMPILED = tuple((re.compile(form, re.IGNORECASE), make) for form, make in _FORMS)
_BETWEEN = re.compile(r"\s*;\s*|,?\s+(?:and|и)\s+")


class SuppositionRefused(ValueError):
    """What was supposed cannot be read, or names what is not there: raised with a Message."""


def supposed(written: Iterable[str], known: Known) -> tuple[Supposition, ...]:
    """What these words suppose; several may stand in one, with ``and`` between. Raises SuppositionRefused."""
    clauses = [clause for each in written for clause in _BETWEEN.split(" ".join(each.split())) if clause]
    if len(clauses) > MOST:
        raise SuppositionRefused(Message("if-many", most=MOST))
    return tuple(_one(clause, known) for clause in clauses)


def _one(clause: str, known: Known) -> Supposition:
    for form, make in _COMPILED:
        if found := form.fullmatch(clause):
            said = found.groupdict()
            _check(said, known)
            if "t" in said:
                said["t"] = str(_length(said["t"]))
            return make(*said.values())
    shown = clause if len(clause) <= 60 else clause[:57] + "…"
    raise SuppositionRefused(trouble(Message("if-unread", written=repr(shown)), Message("if-forms")))


def _check(said: dict[str, str], known: Known) -> None:
    unknown = {"o": known.operators, "s": known.skills, "c": frozenset(STRATEGIES)}
    for part, names in unknown.items():
        if part in said and said[part] not in names:
            raise SuppositionRefused(trouble(_nothing_so(part, said[part]), did_you_mean(said[part], names)))
    if "w" in said and said["w"] not in known.languages | known.queues:
        words = known.languages | known.queues
        raise SuppositionRefused(trouble(_nothing_so("w", said["w"]), did_you_mean(said["w"], words)))
    for part, numbers, key in _bounds(said):
        if int(said[part]) not in numbers:
            raise SuppositionRefused(Message(key, written=said[part][:20]))


def _bounds(said: dict[str, str]) -> Iterator[tuple[str, range, str]]:
    if "n" in said:
        yield "n", LEVELS, "if-level"
    if "p" in said:
        yield "p", PRIORITIES, "if-priority"


def _nothing_so(part: str, word: str) -> Message:
    keys = {"o": "if-operator", "s": "if-skill", "c": "if-strategy", "w": "if-language-or-queue"}
    return Message(keys[part], word=repr(word[:40]))


def _length(written: str) -> float:
    word = written[:-1] + _LENGTHS.get(written[-1], written[-1])
    try:
        length = seconds(word)
    except ValueError:
        raise SuppositionRefused(Message("if-length", written=repr(written[:20]))) from None
    assert isinstance(length, float)
    return length
