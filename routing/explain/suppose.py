"""What if: a Snapshot in which something was otherwise. Each supposition is a value; several go one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from routing.explain.account import without
from routing.explain.snapshot import SeenContact, SeenOperator, Snapshot
from routing.model import Contact, Needs, Operator, OperatorState


@dataclass(frozen=True, slots=True)
class Had:
    """The operator had this skill at this level; 0: had it not. Languages and queues served are skills too."""

    operator: str
    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class Were:
    """The operator was ready, since just then; or was not."""

    operator: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Took:
    """The operator had not refused the call."""

    operator: str


@dataclass(frozen=True, slots=True)
class Needed:
    """The call needed this skill at this level, whatever it had waited; 0: needed it not."""

    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class Priority:
    """The call had this priority."""

    priority: int


@dataclass(frozen=True, slots=True)
class Waited:
    """The call had waited so long (s)."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Chose:
    """The queue chose its operators by this strategy."""

    strategy: str


Supposition = Had | Were | Took | Needed | Priority | Waited | Chose


class NotKept(LookupError):
    """What this operator was doing then was not kept: of very many only those of relevance are."""


def suppose(seen: Snapshot, suppositions: Iterable[Supposition], roster: Mapping[str, Operator]) -> Snapshot:
    """The snapshot as it would have been. ``roster``: operators as they are known today. Raises NotKept.

    Who was ready is settled first: of an operator who was not kept that is to be known.
    """
    for each in sorted(suppositions, key=lambda each: not isinstance(each, Were)):
        seen = _EDITS[type(each)](seen, each, roster)
    return seen


def _had(seen: Snapshot, it: Had, roster: Mapping[str, Operator]) -> Snapshot:
    def other(known: SeenOperator) -> SeenOperator:
        skills = _with(known.operator.skills, it.skill, it.level)
        return msgspec.structs.replace(known, operator=replace(known.operator, skills=skills))

    return _operator(seen, it.operator, other)


def _were(seen: Snapshot, it: Were, roster: Mapping[str, Operator]) -> Snapshot:
    known = seen.operator(it.operator)
    if known is None and it.operator not in roster:
        raise NotKept(it.operator)
    if it.ready and known is not None and known.state is OperatorState.READY:
        return seen
    operator = known.operator if known is not None else roster[it.operator]
    state = OperatorState.READY if it.ready else OperatorState.NOT_READY
    changed = SeenOperator(operator, state, seen.now, duty=it.ready, idle=seen.now)
    left = without(seen, it.operator)
    return msgspec.structs.replace(left, operators=(*left.operators, changed))


def _took(seen: Snapshot, it: Took, roster: Mapping[str, Operator]) -> Snapshot:
    refused = {operator: until for operator, until in seen.contact.refused.items() if operator != it.operator}
    changed = msgspec.structs.replace(seen, contact=msgspec.structs.replace(seen.contact, refused=refused))
    known = seen.operator(it.operator)
    return changed if known is None else _were(changed, Were(it.operator, ready=True), roster)


def _needed(seen: Snapshot, it: Needed, roster: Mapping[str, Operator]) -> Snapshot:
    def other(contact: Contact) -> Contact:
        relax = tuple((after, _with(needs, it.skill, it.level)) for after, needs in contact.relax)
        return msgspec.structs.replace(contact, needs=_with(contact.needs, it.skill, it.level), relax=relax)

    return _contact(seen, other)


def _priority(seen: Snapshot, it: Priority, roster: Mapping[str, Operator]) -> Snapshot:
    return _contact(seen, lambda contact: msgspec.structs.replace(contact, priority=it.priority, rises=()))


def _waited(seen: Snapshot, it: Waited, roster: Mapping[str, Operator]) -> Snapshot:
    return _contact(seen, lambda contact: msgspec.structs.replace(contact, since=seen.now - it.seconds))


def _chose(seen: Snapshot, it: Chose, roster: Mapping[str, Operator]) -> Snapshot:
    own = seen.queue.name
    queues = (replace(each, strategy=it.strategy) if each.name == own else each for each in seen.queues)
    return msgspec.structs.replace(seen, queues=tuple(queues))


def _contact(seen: Snapshot, other: Callable[[Contact], Contact]) -> Snapshot:
    changed = SeenContact(other(seen.contact.contact), seen.contact.held, seen.contact.refused)
    return msgspec.structs.replace(seen, contact=changed)


def _operator(seen: Snapshot, id: str, other: Callable[[SeenOperator], SeenOperator]) -> Snapshot:
    if seen.operator(id) is None:
        raise NotKept(id)
    changed = (other(each) if each.operator.id == id else each for each in seen.operators)
    return msgspec.structs.replace(seen, operators=tuple(changed))


def _with(needs: Needs, skill: str, level: int) -> Needs:
    left = {each: least for each, least in needs.items() if each != skill}
    return {**left, skill: level} if level else left


_EDITS: dict[type, Callable[[Snapshot, Any, Mapping[str, Operator]], Snapshot]] = {
    Had: _had,
    Were: _were,
    Took: _took,
    Needed: _needed,
    Priority: _priority,
    Waited: _waited,
    Chose: _chose,
}
