"""The reasons that follow of a Snapshot: who was eligible, who was ruled out by which rule, who was next, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter

import msgspec

from routing.demand import lacking, meets
from routing.explain import replay
from routing.explain.snapshot import SeenContact, SeenOperator, Snapshot
from routing.model import Needs, OperatorState
from routing.strategies import STRATEGIES

NEXT = 3
"""How many would have been asked in turn, at most."""

_SOONEST = 0.001
"""Seconds after a moment at which what it brings holds."""


class Rule(StrEnum):
    """Why an operator could not be offered the call, or a call ahead was not offered to the operator."""

    LACKS = "lacks"  # a skill
    HELD = "held"  # the call waits for its own operator alone
    REFUSED = "refused"  # the operator did not take it when it was offered
    STATE = "state"  # is not ready
    LEFT_FREE = "left-free"  # is kept for other calls


@dataclass(frozen=True, slots=True)
class Out:
    """Somebody ruled out. ``detail``: the skill as ``technical:2``, the state, or whom the call waits for.

    ``until``: seconds from the decision at which the rule holds no longer by itself; None where no clock says so.
    """

    who: str
    rule: Rule
    detail: str = ""
    reason: str = ""
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """``after`` so many seconds the decision would have been another, had nothing but time passed: ``operator``."""

    after: float
    operator: str


@dataclass(frozen=True, slots=True)
class Account:
    """One decision explained. ``eligible``: in the order in which they would have been asked, the first few of them.

    ``lots``: one of them by lot. ``waited``: seconds; ``needs``: what was needed by then. ``unnamed``: operators of
    whom nothing more is known. ``elsewhere``: whom else the operator might have been offered.
    """

    seen: Snapshot
    chosen: str
    waited: float
    needs: Needs
    eligible: tuple[str, ...]
    lots: bool
    out: tuple[Out, ...]
    unnamed: int
    ahead: tuple[Out, ...]
    elsewhere: str
    change: Change | None


def account(seen: Snapshot, chosen: str | None = None) -> Account:
    """What follows of it. ``chosen``: whom the contact was offered to; by default as was kept."""
    chosen = seen.chosen if chosen is None else chosen
    contact, held = seen.contact, seen.contact.held
    needs = needed(contact, seen.now)
    fit = [each for each in seen.operators if each.operator.id == chosen or _out(each, seen, contact) is None]
    out = [found for each in seen.operators if each not in fit and (found := _out(each, seen, contact))]
    strategy = STRATEGIES.get(seen.queue.strategy)
    lots = strategy is not None and strategy.lot and not held and len(fit) > 1
    return Account(
        seen,
        chosen,
        max(0.0, seen.now - contact.contact.since),
        needs,
        tuple(_in_turn(seen, chosen, lots=lots)) if chosen else (),
        lots,
        tuple(out),
        max(0, seen.roster - len(seen.operators)),
        tuple(_ahead(seen, chosen)),
        seen.behind.contact.id if seen.behind is not None else "",
        None if lots else _change(seen, chosen),
    )


def needed(contact: SeenContact, now: float) -> Needs:
    """What the contact needed by then."""
    due = [
        needs
        for after, needs in sorted(contact.contact.relax, key=itemgetter(0))
        if contact.contact.since + after <= now
    ]
    return due[-1] if due else contact.contact.needs


def _in_turn(seen: Snapshot, chosen: str, *, lots: bool) -> Iterator[str]:
    """Who would have been asked one after the other; by lot, who might have been."""
    yield chosen
    left, others = without(seen, chosen), 0
    while others < NEXT and (after := replay.operator(left)):
        yield after
        left, others = without(left, after), others + 1


def without(seen: Snapshot, operator: str) -> Snapshot:
    """The same without this operator."""
    return msgspec.structs.replace(
        seen, operators=tuple(each for each in seen.operators if each.operator.id != operator)
    )


def _out(operator: SeenOperator, seen: Snapshot, contact: SeenContact) -> Out | None:
    """The first rule by which the operator could not be offered this contact."""
    id, since = operator.operator.id, contact.contact.since - seen.now
    skills, needs = operator.operator.skills, needed(contact, seen.now)
    if lack := lacking(skills, needs):
        steps = (
            since + after for after, step in sorted(contact.contact.relax, key=itemgetter(0)) if meets(skills, step)
        )
        return Out(id, Rule.LACKS, lack, until=next((at for at in steps if at > 0), None))
    if contact.held and id != contact.contact.operator:
        return Out(id, Rule.HELD, contact.contact.operator, until=since + contact.contact.sticky)
    if operator.state is not OperatorState.READY:
        return Out(id, Rule.STATE, str(operator.state), operator.reason)
    if id in contact.refused:
        return Out(id, Rule.REFUSED, until=max(0.0, contact.refused[id] - seen.now))
    if skill := _left_free(operator, seen, contact):
        return Out(id, Rule.LEFT_FREE, skill)
    return None


def _left_free(operator: SeenOperator, seen: Snapshot, contact: SeenContact) -> str:
    """The skill of which so few are free that they are left to other calls."""
    queue = next((each for each in seen.queues if each.name == contact.contact.queue), seen.queue)
    for skill, least in sorted(queue.leave_free.items()):
        ready = [s for s in seen.operators if s.state is OperatorState.READY and s.operator.skills.get(skill)]
        if operator in ready and len(ready) + seen.others.get(skill, 0) <= least:
            return skill
    return ""


def _ahead(seen: Snapshot, chosen: str) -> Iterator[Out]:
    """Who waited ahead, and why the operator was not for them."""
    operator = seen.operator(chosen)
    for contact in seen.ahead:
        found = _out(operator, seen, contact) if operator is not None else None
        if found is not None:
            yield Out(contact.contact.id, found.rule, found.detail, found.reason, found.until)


def _change(seen: Snapshot, chosen: str) -> Change | None:
    """The first moment at which the clock alone would have made it another decision."""
    for after in sorted(_moments(seen)):
        then = replay.operator(seen, after + _SOONEST)
        if then != chosen:
            return Change(after, then)
    return None


def _moments(seen: Snapshot) -> set[float]:
    """Seconds from the decision at which a rule of one of the contacts changes."""
    found: set[float] = set()
    for contact in (*seen.ahead, seen.contact, *((seen.behind,) if seen.behind is not None else ())):
        it, since = contact.contact, contact.contact.since - seen.now
        steps = [after for after, _ in it.relax] + [after for after, _ in it.rises]
        found.update(since + after for after in (*steps, it.sticky if contact.held else 0.0))
        found.update(until - seen.now for until in contact.refused.values())
    return {after for after in found if after > 0}
