"""A Snapshot as it is kept in a call's log: plain values, small, of a form with a number; and read again.

Times are seconds from the decision on: what was before it is negative. What is as by default is left out, and the
same skills of several operators are written once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

import msgspec

from routing.explain.snapshot import SeenContact, SeenOperator, Snapshot
from routing.model import Contact, Operator, OperatorState, Queue

FORM = 1
"""The number of the form. Another option of a queue or a contact needs no other one."""

Written = dict[str, Any]

_ROW_BEGINS = 4
_ROW_ENDS: list[Any] = ["", 0.0, 0, 0, 0.0, 0.0]
_COUNTS = ("roster", "able", "free", "waiting")


_USUAL: Mapping[str, tuple[tuple[str, Any], ...]] = {
    kind.__name__: tuple(
        (each.name, each.default_factory() if each.default_factory is not MISSING else each.default)
        for each in fields(kind)
    )
    for kind in (Queue,)
} | {
    Contact.__name__: tuple(
        (each.name, each.default if each.default_factory is msgspec.NODEFAULT else each.default_factory())
        for each in msgspec.structs.fields(Contact)
    )
}
"""What each of their options is by default."""


class FormUnknown(ValueError):
    """What was kept is of a form that this version cannot read."""


def written(seen: Snapshot) -> Written:
    """The snapshot, to be kept."""
    sets: dict[tuple[tuple[str, int], ...], int] = {}
    whole: Written = {
        "form": FORM,
        "contact": _contact(seen.contact, seen.now),
        "queues": [_sparse(queue, Queue.__name__) for queue in seen.queues],
        "operators": [_operator(each, seen.now, sets) for each in seen.operators],
        "skills": [dict(skills) for skills in sets],
    }
    more: Written = {name: getattr(seen, name) for name in ("chosen", "freed", *_COUNTS)}
    more["others"] = dict(seen.others)
    more["ahead"] = [_contact(each, seen.now) for each in seen.ahead]
    more["behind"] = seen.behind and _contact(seen.behind, seen.now)
    return whole | {name: value for name, value in more.items() if value}


def read(kept: Mapping[str, Any]) -> Snapshot:
    """The snapshot that was kept; the decision was at 0 s. Raises FormUnknown."""
    if kept.get("form") != FORM:
        raise FormUnknown(f"form {kept.get('form')}")
    try:
        return _read(kept)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise FormUnknown(f"form {FORM}, damaged") from error


def _read(kept: Mapping[str, Any]) -> Snapshot:
    behind = kept.get("behind")
    return Snapshot(
        0.0,
        _read_contact(kept["contact"]),
        tuple(msgspec.convert(queue, Queue) for queue in kept["queues"]),
        tuple(_read_operator(row, kept["skills"]) for row in kept["operators"]),
        chosen=str(kept.get("chosen", "")),
        freed=bool(kept.get("freed")),
        ahead=tuple(map(_read_contact, kept.get("ahead", ()))),
        behind=_read_contact(behind) if behind else None,
        others=msgspec.convert(kept.get("others", {}), dict[str, int]),
        **{name: int(kept.get(name, 0)) for name in _COUNTS},
    )


def _contact(seen: SeenContact, now: float) -> Written:
    plain = _sparse(seen.contact, Contact.__name__)
    plain["since"] = _rounded(seen.contact.since - now)
    refused = {operator: _rounded(until - now) for operator, until in seen.refused.items()}
    return plain | ({"held": True} if seen.held else {}) | ({"refused": refused} if refused else {})


def _read_contact(kept: Mapping[str, Any]) -> SeenContact:
    plain = dict(kept)
    held, refused = bool(plain.pop("held", False)), plain.pop("refused", {})
    return SeenContact(msgspec.convert(plain, Contact), held, msgspec.convert(refused, dict[str, float]))


def _operator(seen: SeenOperator, now: float, sets: dict[tuple[tuple[str, int], ...], int]) -> list[Any]:
    """Id, which of the sets of skills, then what differs from the end of the row on."""
    place = sets.setdefault(tuple(seen.operator.skills.items()), len(sets))
    idle = round(seen.idle - now, 3) if seen.state is OperatorState.READY else 0
    off, load = int(not seen.duty), [round(seen.occupied, 6), round(seen.today, 3)]
    row: list[Any] = [
        seen.operator.id,
        place,
        seen.state,
        round(seen.since - now, 3),
        seen.reason,
        idle,
        off,
        seen.turn,
    ]
    if seen.occupied or seen.today:
        row += load
    while not row[-1] and len(row) > _ROW_BEGINS:
        row.pop()
    return row


def _read_operator(row: list[Any], sets: list[dict[str, int]]) -> SeenOperator:
    id, place, state, since = row[:_ROW_BEGINS]
    reason, idle, off, turn, occupied, today = [*row[_ROW_BEGINS:], *_ROW_ENDS[len(row) - _ROW_BEGINS :]]
    skills = msgspec.convert(sets[place], dict[str, int])
    return SeenOperator(
        Operator(id, skills), OperatorState(state), float(since), reason, not off, float(idle), turn, occupied, today
    )


def _sparse(it: Queue | Contact, kind: str) -> Written:
    """What is not as by default, of the options that such a thing has for the router."""
    values = ((name, getattr(it, name), usual) for name, usual in _USUAL[kind])
    return {name: value for name, value, usual in values if value != usual}


def _rounded(seconds: float) -> float:
    return round(seconds, 3)
