"""What a contact needs by now: less the longer it waits, and the more there is need for it."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING

from routing.alternatives import alternatives, any_of
from routing.model import Loosening, Needs, Sign

if TYPE_CHECKING:
    from routing.room import ContactRecord


def ease(record: ContactRecord, now: float) -> float:
    """Let the contact need what it needs by now, and be as urgent; when that changes next (s; inf for never)."""
    since, due = record.contact.since, inf
    for after, needs in record.steps[record.relaxed :]:
        if since + after > now:
            due = since + after
            break
        record.needs = needs
        record.relaxed += 1
    for after, priority in record.contact.rises:
        if since + after > now:
            due = min(due, since + after)
        else:
            record.priority = max(record.priority, priority)
    return min(due, _loosen(record, now)) if record.contact.loosen else due


def _loosen(record: ContactRecord, now: float) -> float:
    since, due = record.contact.since, inf
    record.needs = record.steps[record.relaxed - 1][1] if record.relaxed else record.contact.needs
    for number, each in enumerate(record.contact.loosen):
        if each.when is Sign.AFTER and since + each.least <= now:
            record.loosened |= 1 << number
        elif each.when is Sign.AFTER:
            due = min(due, since + each.least)
        if record.loosened >> number & 1:
            record.needs = loosened(record.needs, each)
            record.prefer = record.prefer if each.prefer else {}
            record.priority = record.priority if each.priority is None else max(record.priority, each.priority)
    return due


def watched(record: ContactRecord) -> Iterator[tuple[int, Loosening]]:
    """Those of its loosenings, by their numbers, that wait for something else than time."""
    for number, each in enumerate(record.contact.loosen):
        if each.when is not Sign.AFTER and not record.loosened >> number & 1:
            yield number, each


def loosened(needs: Needs, by: Loosening) -> Needs:
    """What is needed after it; whatever else was or will be loosened, in whichever order."""
    found = {skill: min(level, by.needs.get(skill, level)) for skill, level in needs.items()}
    group = next(filter(alternatives, found), None) if by.any_of else None
    if group is not None:
        one_of = dict(alternatives(group))
        for skill, level in by.any_of.items():
            one_of[skill] = min(level, one_of.get(skill, level))
        del found[group]
        found |= any_of(one_of)
    return {skill: level for skill, level in found.items() if level > 0}
