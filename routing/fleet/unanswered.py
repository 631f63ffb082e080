"""What an engine knows of a contact that nobody is offered: of all operators, but of none who waits elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from routing.demand import meets
from routing.explain.capture import MOST
from routing.explain.snapshot import SeenContact, SeenOperator, Snapshot
from routing.fleet.messages import Held
from routing.model import Contact, OperatorState, Queue
from routing.states import ON_DUTY


def unanswered(contact: Contact, queue: Queue, operators: Iterable[Held], waiting: int, now: float) -> Snapshot:
    """Those who could take it come first. ``waiting``: how many others wait in the whole fleet."""
    there = [held for held in operators if not held.away]
    held_now = [needs for after, needs in sorted(contact.relax, key=itemgetter(0)) if contact.since + after <= now]
    needs = held_now[-1] if held_now else contact.needs
    able = {held.operator.id for held in there if meets(held.operator.skills, needs)}
    ready = [held for held in there if held.state is OperatorState.READY]
    first = sorted(there, key=lambda held: (held.operator.id not in able, held not in ready, held.since))
    return Snapshot(
        now,
        SeenContact(contact),
        (queue,),
        tuple(map(_operator, sorted(first[:MOST], key=lambda held: held.since))),
        roster=len(there),
        able=len(able),
        free=sum(held.operator.id in able for held in ready),
        waiting=waiting,
    )


def _operator(held: Held) -> SeenOperator:
    duty = held.state in ON_DUTY and held.pause is None
    return SeenOperator(held.operator, held.state, held.since, held.reason, duty, held.since)
