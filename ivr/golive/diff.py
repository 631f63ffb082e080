"""What a change of the configuration means for callers: facts first, the words for them stand in messages.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.flow import target
from ivr.flow.hours import ALWAYS
from ivr.flow.model import Node
from ivr.flow.queues import QUEUES
from ivr.flow.sections import Sections
from ivr.flow.service import PROMPTS, REGIONS, Flow, Line, Service
from ivr.golive.content import Content
from ivr.messages import Message

UNKNOWN = "unknown"
"""What answers a number of no line, told of as a line of this name."""

QUEUE_KINDS = {
    "ring": "queue",
    "wrap-up": "queue",
    "strategy": "queue",
    "order": "queue",
    "head-start": "queue",
    "leave-free": "queue",
    "share": "queue",
    "max-wait": "queue-default",
    "priority": "queue-default",
    "hours": "queue-hours",
    "overflow": "queue-overflow",
    "overflow-after": "queue-overflow",
    "wrap-up-codes": "queue-codes",
}
"""Key of a queue -> the kind of difference that its change is."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that callers may notice. ``kind``: a message, without ``diff-``; ``values`` fill it."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def words(self, language: str, waiting: Mapping[str, int] | None = None) -> str:
        """The sentence in ``language`` (ru, en). ``waiting``: calls by queue; None when no hotline tells."""
        values = {name: _word(name, value) for name, value in self.values.items()}
        values["waiting"] = Message("diff-unknown") if waiting is None else waiting.get(str(values.get("queue", "")), 0)
        return Message(f"diff-{self.kind}", **values).told(language)


def differences(old: Service, new: Service, before: Content, after: Content) -> list[Difference]:
    """Everything that changes for callers from ``old`` to ``new``; ``before`` and ``after``: their files."""
    found = [*_lines(old, new), *_flows(old, new), *_prompts(before, after), *_queues(old, new), *_terms(old, new)]
    found += _escalation(old, new)
    if old.roster != new.roster:
        found.append(Difference("roster"))
    return [*found, Difference("outside")] if old.outside != new.outside else found


def _word(name: str, value: Any) -> Any:
    if value is None:
        return Message("diff-anybody") if name == "needs" else Message("diff-none")
    if isinstance(value, float) and name in ("old", "new"):
        return f"{value:g}s"
    return Message("diff-end") if value == target.END else value


def _lines(old: Service, new: Service) -> Iterator[Difference]:
    before, after = ({**each.lines, UNKNOWN: each.unknown} for each in (old, new))
    for name in sorted({*before, *after}):
        was, will = before.get(name), after.get(name)
        if was is None or will is None:
            line = was or will
            assert line is not None
            kind = "line-new" if was is None else "line-gone"
            yield Difference(kind, {"line": name, "numbers": ", ".join(line.numbers)})
        elif was != will:
            yield from _line(was, will, _hours(old, name), _hours(new, name))


def _line(was: Line, will: Line, open_then: str, open_now: str) -> Iterator[Difference]:
    told = [Difference("number-new", {"line": was.name, "number": n}) for n in will.numbers if n not in was.numbers]
    told += [Difference("number-gone", {"line": was.name, "number": n}) for n in was.numbers if n not in will.numbers]
    for kind, old, new in (
        ("hours", open_then, open_now),
        ("languages", ", ".join(was.languages), ", ".join(will.languages)),
        ("line-flow", was.flow, will.flow),
        ("line-closed", was.closed, will.closed),
    ):
        if old != new:
            told.append(Difference(kind, {"line": was.name, "old": old, "new": new}))
    yield from told or [Difference("line-other", {"line": was.name})]


def _hours(service: Service, line: str) -> str:
    """As they are written."""
    data = service.sources[REGIONS].data
    return _spoken((data[UNKNOWN] if line == UNKNOWN else data["lines"][line])["hours"])


def _spoken(hours: str | Mapping[str, str]) -> str:
    return hours if isinstance(hours, str) else ", ".join(f"{days} {times}" for days, times in hours.items())


def _flows(old: Service, new: Service) -> Iterator[Difference]:
    for name in sorted({*old.flows, *new.flows}):
        was, will = old.flows.get(name), new.flows.get(name)
        if was is None or will is None:
            yield Difference("flow-new" if was is None else "flow-gone", {"flow": name})
        else:
            yield from _nodes(was, will)


def _nodes(was: Flow, will: Flow) -> Iterator[Difference]:
    if (was.start, was.rescue) != (will.start, will.rescue):
        yield Difference("flow-edge", {"flow": was.name})
    for name in sorted({*was.nodes, *will.nodes}):
        old, new = was.nodes.get(name), will.nodes.get(name)
        if old is None or new is None:
            node = old or new
            assert node is not None
            kind = "node-new" if old is None else "node-gone"
            yield Difference(kind, {"flow": was.name, "node": name, "kind": node.kind})
        elif old != new:
            yield from _node(was.name, name, old, new)


def _node(flow: str, name: str, old: Node, new: Node) -> Iterator[Difference]:
    keys_then, keys_now = _keys(old), _keys(new)
    values = {"flow": flow, "node": name, "kind": new.kind}
    for key in sorted({*keys_then, *keys_now}):
        was, will = keys_then.get(key), keys_now.get(key)
        if was != will:
            kind = "key-new" if was is None else "key-gone" if will is None else "key"
            yield Difference(kind, {**values, "key": key, "old": was, "new": will})
    if keys_then == keys_now:
        yield Difference("node", values)


def _keys(node: Node) -> dict[str, str]:
    """Key -> node, of what takes a key; none of what does not."""
    return {outcome: to for outcome, to in node.edges().items() if len(outcome) == 1}


def _prompts(before: Content, after: Content) -> Iterator[Difference]:
    for path in sorted(path for path in {*before, *after} if path.startswith(PROMPTS)):
        was, will = before.get(path), after.get(path)
        if was != will:
            kind = "prompt-new" if was is None else "prompt-gone" if will is None else "prompt"
            prompt = path.removeprefix(f"{PROMPTS}/").removesuffix(".txt")
            yield Difference(kind, {"prompt": prompt, "old": _text(was), "new": _text(will)})


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else " ".join(raw.decode("utf-8", "replace").split())


def _terms(old: Service, new: Service) -> Iterator[Difference]:
    """By when what callers ask about is answered."""
    before, after = (dict(_promises(each.sections)) for each in (old, new))
    for about in sorted({*before, *after}):
        was, will = before.get(about), after.get(about)
        if was != will:
            kind = "about-new" if was is None else "about-gone" if will is None else "term"
            yield Difference(kind, {"about": about, "old": was, "new": will})


def _promises(sections: Sections) -> Iterator[tuple[str, str]]:
    for section in sections.sections.values():
        yield section.name, str(section.term)
        for category in section.categories.values():
            yield f"{section.name}.{category.name}", str(category.term)


def _escalation(old: Service, new: Service) -> Iterator[Difference]:
    """Who hears of what is overdue."""
    before, after = ({rule.name: str(rule) for rule in each.sections.escalation} for each in (old, new))
    for rule in sorted({*before, *after}):
        was, will = before.get(rule), after.get(rule)
        if was != will:
            kind = "escalation-new" if was is None else "escalation-gone" if will is None else "escalation"
            yield Difference(kind, {"rule": rule, "old": was, "new": will})


def _queues(old: Service, new: Service) -> Iterator[Difference]:
    for name in sorted({*old.queues, *new.queues}):
        was, will = old.queues.get(name), new.queues.get(name)
        if was is None or will is None:
            yield Difference("queue-new" if was is None else "queue-gone", {"queue": name})
            continue
        for what, kind in QUEUE_KINDS.items():
            then, now = _of_queue(old, name, what), _of_queue(new, name, what)
            if then != now:
                yield Difference(kind, {"queue": name, "what": what, "old": then, "new": now})


def _of_queue(service: Service, queue: str, what: str) -> Any:
    """As it is written, where that is easier to read."""
    given = service.sources[QUEUES].data["queues"][queue]
    if what == "hours":
        zone = given.get("time-zone")
        return f"{_spoken(given.get(what, ALWAYS))} ({zone})" if zone else ALWAYS
    if what == "wrap-up-codes":
        return ", ".join(service.queues[queue].codes) or None
    if what == "leave-free":
        return ", ".join(f"{skill}: {number}" for skill, number in service.queues[queue].leave_free.items()) or None
    return getattr(service.queues[queue], what.replace("-", "_"))
