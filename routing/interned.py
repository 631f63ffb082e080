"""One object for what is equal in many contacts: a hundred thousand wait, but flows make few demands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from msgspec.structs import force_setattr

from routing.demand import meets
from routing.model import Contact, Needs

Relaxations = tuple[tuple[float, Needs], ...]
"""Seconds of waiting, and what is needed from then on."""


@dataclass(slots=True, eq=False)
class Demand:
    """What contacts need, now and later: one object for all who need the same.

    ``steps``: ``relax`` in order of time. ``eases``: whoever meets it at first meets it later too.
    """

    needs: Needs
    relax: Relaxations
    steps: Relaxations
    eases: bool


class Interned:
    """The demands seen so far; they come from flows, so there are not many."""

    __slots__ = ("_demands", "_needs")

    def __init__(self) -> None:
        self._demands: dict[object, Demand] = {}
        self._needs: dict[object, Needs] = {}

    def share(self, contact: Contact) -> Demand:
        """The contact's demand; from now on the contact says what it said with the one object of all equal ones."""
        needs, relax = contact.needs, contact.relax
        key = (tuple(needs.items()), tuple([(after, *later.items()) for after, later in relax]) if relax else ())
        demand = self._demands.get(key)
        if demand is None:
            demand = self._demands[key] = self._new(contact)
        if needs is not demand.needs:
            force_setattr(contact, "needs", demand.needs)
            force_setattr(contact, "relax", demand.relax)
        if contact.prefer:
            force_setattr(contact, "prefer", self._one(contact.prefer))
        return demand

    def _new(self, contact: Contact) -> Demand:
        needs, relax = self._one(contact.needs), tuple((after, self._one(later)) for after, later in contact.relax)
        steps = tuple(sorted(relax, key=lambda step: step[0]))
        stages = (needs, *(later for _, later in steps))
        return Demand(needs, relax, steps, all(meets(before, after) for before, after in pairwise(stages)))

    def _one(self, needs: Needs) -> Needs:
        return self._needs.setdefault(tuple(needs.items()), needs)
