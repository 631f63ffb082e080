"""Every prompt that can be said exists in the language that it is said in, and is not too long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ivr.flow.graph import next_places, node_at
from ivr.flow.model import Node
from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.proof.subject import Subject, begins, lines
from ivr.flow.proof.told import call_told
from ivr.flow.proof.ways import Step, Ways
from ivr.flow.registry import node_types
from ivr.flow.service import PROMPTS, Flow, Line
from ivr.flow.target import Place
from ivr.identifiers.any_id import names
from ivr.messages import Message
from ivr.speech import Language

ALWAYS_SAID = "trouble"
"""What the session itself may say on any line."""

LONGEST_GREETING, LONGEST_MENU = 8.0, 20.0
"""Seconds (convention): what is played before the first question, and what a menu says."""

MOST_CALLS = 20
"""So many missing prompts are shown with a call; a language that is missing altogether needs no more."""


def prompts_exist(subject: Subject) -> Iterator[Problem]:
    """Every prompt exists, with the right slots, in every language of the lines that can come to it."""
    known, shown = {name for _, name in subject.prompts}, 0
    for (place, language), line in sorted(subject.heard.items(), key=lambda item: item[0]):
        flow, node = subject.service.flows[place.flow], subject.service.flows[place.flow].nodes[place.node]
        for name, slots in {**node.prompts(), ALWAYS_SAID: ()}.items():
            text, path = subject.prompts.get((language, name)), ("nodes", place.node, _named_by(node, name))
            if text is None:
                mend = Message("write-prompt", file=f"{PROMPTS}/{language}/{name}.txt")
                if name not in known:
                    mend = Message("write-or-other-prompt", write=mend, other=did_you_mean(name, known))
                reason = Message("no-such-prompt", prompt=name, language=language, line=line.name)
                shown += 1
                call = _call(subject, line, place, language) if shown <= MOST_CALLS else ""
                yield replace(flow.source.problem(path, reason, mend), call=call)
            elif text.slots != set(slots):
                reason = Message("prompt-has-other-slots", prompt=name, language=language)
                yield flow.source.problem(path, reason, _use(slots, f"{PROMPTS}/{language}/{name}.txt"))


def prompts_are_used(subject: Subject) -> Iterator[Problem]:
    """A prompt that no node can say is told of, but not those that come with an identifier or a node type."""
    used = {ALWAYS_SAID, *(name for flow in subject.service.flows.values() for name in _said_in(flow))}
    used |= {name for kind in node_types().values() for name in kind.own_prompts}
    shipped = tuple(f"{name}-" for name in names())
    first = {name: language for language, name in sorted(subject.prompts, reverse=True)}
    for name, language in sorted(first.items()):
        if name not in used and not name.startswith(shipped):
            reason, mend = Message("prompt-unused", prompt=name), Message("use-or-take-out")
            yield Problem(f"{PROMPTS}/{language}/{name}.txt", 1, 1, "", reason, mend, "warning")


def prompts_are_short(subject: Subject) -> Iterator[Problem]:
    """A menu is short enough to be listened to, and so is what comes before a line's first question."""
    greetings = _greetings(subject)
    for place, language in sorted(subject.heard):
        flow, node = subject.service.flows[place.flow], subject.service.flows[place.flow].nodes[place.node]
        limit = LONGEST_MENU if node.kind == "menu" else LONGEST_GREETING if place in greetings else None
        name = next(iter(node.prompts()), "")
        text = subject.prompts.get((language, name))
        if limit is not None and text is not None and text.seconds > limit:
            kind = "menu-lasts-long" if node.kind == "menu" else "greeting-lasts-long"
            reason = Message(kind, seconds=text.seconds, language=language, limit=limit)
            path, mend = ("nodes", place.node, _named_by(node, name)), f"{PROMPTS}/{language}/{name}.txt"
            yield flow.source.problem(path, reason, Message("shorten-prompt", file=mend), severity="warning")


def _use(slots: Iterable[str], file: str) -> Message:
    """The mend for a text with other slots."""
    given = tuple(f"{{{slot}}}" for slot in slots)
    return Message("use-slots", slots=given, file=file) if given else Message("use-no-slot", file=file)


def _greetings(subject: Subject) -> set[Place]:
    """What is played in a line's hours before anything is asked."""
    found: set[Place] = set()
    for _, line in lines(subject.service):
        todo = [Place(flow.name, flow.start) for flow in [subject.service.flows.get(line.flow)] if flow]
        while todo:
            place = todo.pop()
            node = node_at(subject.service, place)
            if node is not None and node.kind in ("play", "flow") and place not in found:
                found.add(place)
                todo += next_places(subject.service, place)
    return found


def _said_in(flow: Flow) -> Iterable[str]:
    return (name for node in flow.nodes.values() for name in node.prompts())


def _named_by(node: Node, prompt: str) -> str:
    """The node's key that names the prompt; "" (the node itself) when the type does."""
    return node.kind if getattr(node, node.kind.replace("-", "_"), None) == prompt else ""


def _call(subject: Subject, line: Line, place: Place, language: Language) -> Message | str:
    """The shortest call to the line that comes to the place."""
    ways = Ways(subject.service, begins(line, subject.at))
    state = next((state for state in ways.states if state.place == place), None)
    if state is None:
        return ""
    begin, steps = ways.call_to(state)
    return call_told(subject, begin, [*steps, Step(state, "")], language)
