"""What a new leader makes of what the engines announce: who is at home where, and how each operator stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from routing.board import check
from routing.fleet.messages import Announce, Held
from routing.model import Queue


@dataclass(slots=True)
class Roll:
    """Operators whose engine is there, in the order of their states' beginnings; and those whose engine is not."""

    present: list[Held] = field(default_factory=list)
    away: list[Held] = field(default_factory=list)


def operators(announced: Mapping[str, Announce]) -> Roll:
    """Each operator once.

    At home is an operator at the engine that says so of itself (of two, the later one); else at the one
    that the others name; else, for one whom nobody has served yet, at the first engine that has them on its roster.
    """
    known: dict[str, dict[str, Held]] = {}
    for engine in sorted(announced):
        for held in announced[engine].operators:
            known.setdefault(held.operator.id, {})[engine] = held
    roll = Roll()
    for records in known.values():
        held, there = _settled(records, announced.keys())
        (roll.present if there else roll.away).append(held)
    roll.present.sort(key=lambda held: (held.since, held.operator.id))
    return roll


def _settled(records: Mapping[str, Held], engines: Iterable[str]) -> tuple[Held, bool]:
    claims = [(held.settled, engine) for engine, held in records.items() if held.home == engine]
    if claims:
        return records[max(claims)[1]], True
    named = next((held for held in records.values() if held.home), None)
    if named is not None and named.home not in engines:
        return named, False
    engine = named.home if named is not None else next(iter(records))
    return msgspec.structs.replace(records.get(engine, named or records[next(iter(records))]), home=engine), True


def ringing(announced: Iterable[Announce]) -> frozenset[str]:
    """The operators whose phones ring."""
    return frozenset(offer.operator for announce in announced for _, offer in announce.ringing)


def busy(announced: Iterable[Announce]) -> frozenset[str]:
    """The operators whose phones ring, or who talk."""
    found = list(announced)
    return ringing(found) | {talk.operator for announce in found for talk in announce.talks}


def queues(by_engine: Mapping[str, Iterable[Queue]], leader: str) -> list[Queue]:
    """Every engine's queues; the leader's rules where several have one of a name."""
    found: dict[str, Queue] = {}
    for engine in sorted(by_engine, key=lambda engine: (engine == leader, engine)):
        found.update((queue.name, queue) for queue in by_engine[engine] if _known(queue))
    return list(found.values())


def _known(queue: Queue) -> bool:
    """An engine of a later version may have rules that this one does not know: its own leadership has them."""
    try:
        check(queue)
    except ValueError:
        return False
    return True
