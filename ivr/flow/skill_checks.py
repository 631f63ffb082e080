"""Whether flows and roster name skills, queues and languages that there are. One rule a function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.flow.loader import Path, Source
from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.proof.subject import Subject, lines
from ivr.flow.roster import ROSTER
from ivr.flow.service import QUEUES
from ivr.flow.skills import SKILLS
from ivr.messages import Message

LANGUAGE = "language"
"""Stands among a node's needs, and is no skill."""


def skills_are_declared(subject: Subject) -> Iterator[Problem]:
    """Every skill that a flow needs or an operator has is in skills.yaml, where there is one."""
    known = subject.service.skills
    if known is None:
        return
    for source, path, skill in _named(subject):
        if skill not in known:
            yield source.problem(path, Message("no-such-skill", file=SKILLS), did_you_mean(skill, known), key=True)


def skills_are_named(subject: Subject) -> Iterator[Problem]:
    """Every skill has a name in each language that is spoken."""
    spoken = sorted({language for _, line in lines(subject.service) for language in line.languages})
    for skill, names in (subject.service.skills or {}).items():
        for language in spoken:
            if language not in names:
                source = subject.service.sources[SKILLS]
                reason = Message("no-name-in-language", language=language)
                yield source.problem(("skills", skill), reason, Message("add-key", key=language), key=True)


def roster_fits(subject: Subject) -> Iterator[Problem]:
    """Every queue that an operator serves is there; a language that nobody calls in is a slip of the keys, perhaps."""
    service = subject.service
    if service.roster is None:
        return
    source = service.sources[ROSTER]
    spoken = {language for _, line in lines(service) for language in line.languages}
    for id, given in source.data["operators"].items():
        for index, queue in enumerate(given.get("queues") or ()):
            if queue not in service.queues:
                reason, mend = Message("no-such-queue", file=QUEUES), did_you_mean(queue, service.queues)
                yield source.problem(("operators", id, "queues", index), reason, mend)
        for index, language in enumerate(given["languages"]):
            if language not in spoken:
                path: Path = ("operators", id, "languages", index)
                mend = did_you_mean(language, spoken)
                yield source.problem(path, Message("language-of-no-line"), mend, severity="warning")


def named_operators_are_there(subject: Subject) -> Iterator[Problem]:
    """An operator asked for by name stands in the roster, where there is one, or is a slip of the keys, perhaps."""
    roster = subject.service.roster
    for flow in subject.service.flows.values() if roster is not None else ():
        for name, node in flow.source.data["nodes"].items():
            operator = node.get("operator") if "sticky" in node else None
            if operator is not None and operator not in (roster or ()):
                path, mend = ("nodes", name, "operator"), did_you_mean(operator, roster or ())
                yield flow.source.problem(path, Message("operator-not-in", file=ROSTER), mend, severity="warning")


def nobody_is_kept_for_good(subject: Subject) -> Iterator[Problem]:
    """A group that is always left free for other calls takes none of this queue: told, for it may be meant so."""
    roster = subject.service.roster
    if roster is None:
        return
    for name, queue in subject.service.queues.items():
        for skill, least in queue.leave_free.items():
            having = sum(skill in person.skills for person in roster.values())
            if 0 < having <= least:
                reason, mend = (
                    Message("all-kept-free", having=having, skill=skill),
                    Message("leave-fewer", having=having),
                )
                path = ("queues", name, "leave-free", skill)
                yield subject.service.sources[QUEUES].problem(path, reason, mend, severity="warning")


def _named(subject: Subject) -> Iterator[tuple[Source, Path, str]]:
    """Where a skill is named, in flows and in the roster."""
    for flow in subject.service.flows.values():
        for name, node in flow.source.data["nodes"].items():
            for path, needs in _needs(node):
                for skill in needs:
                    if skill != LANGUAGE:
                        yield flow.source, ("nodes", name, *path, skill), skill
    for name, queue in subject.service.queues.items():
        for skill in queue.leave_free:
            yield subject.service.sources[QUEUES], ("queues", name, "leave-free", skill), skill
    if subject.service.roster is None:
        return
    source = subject.service.sources[ROSTER]
    for id, given in source.data["operators"].items():
        for skill in given.get("skills") or ():
            yield source, ("operators", id, "skills", skill), skill


def _needs(node: Mapping[str, object]) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """What a node needs and prefers as it is written, and what its relaxations need."""
    for key in ("needs", "prefer", "any-of"):
        if isinstance(needs := node.get(key), dict):
            yield (key,), needs
    loosen = node.get("loosen")
    for sign, each in loosen.items() if isinstance(loosen, dict) else ():
        for key in ("needs", "any-of"):
            if isinstance(needs := each.get(key), dict):
                yield ("loosen", sign, key), needs
    for key in ("relax", "widen"):
        later = node.get(key)
        for after, changed in later.items() if isinstance(later, dict) else ():
            yield (key, str(after)), changed
