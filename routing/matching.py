"""Which contact for this operator, which operator for this contact: every rule of who may be asked is here."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from routing.index import Index
from routing.room import ContactRecord
from routing.roster import OperatorRecord, Roster
from routing.states import ON_DUTY
from routing.strategies import Candidate, Strategy


class Matching:
    """Answers from the indices; changes nothing."""

    def __init__(self, index: Index, roster: Roster, chance: Random) -> None:
        self._index = index
        self._roster = roster
        self._chance = chance

    def contact_for(self, operator: OperatorRecord, now: float) -> ContactRecord | None:
        """The waiting contact that a free operator is offered: by priority, then the longest waiting."""
        best: ContactRecord | None = None
        for bucket in self._index.for_group(operator.group):
            entry = bucket.waiting.first()
            if entry is not None and operator.operator.id in entry[1].refused:
                entry = bucket.waiting.first_where(lambda contact: self._may_ask(operator, contact, now))
            if entry is not None and (best is None or entry[0] < best.order):
                best = entry[1]
        return best

    def operator_for(self, contact: ContactRecord, strategy: Strategy, now: float) -> OperatorRecord | None:
        """The free operator who is offered a waiting contact: by the strategy, those who refused it last."""
        chosen = strategy.choose(self._free(contact), contact.needs, now, self._chance)
        if chosen is None and contact.refused:
            chosen = strategy.choose(self._again(contact, now), contact.needs, now, self._chance)
        return None if chosen is None else self._roster.get(chosen.operator.id)

    def _free(self, contact: ContactRecord) -> Iterator[Candidate]:
        bit = contact.bucket.bit if contact.bucket else 0
        for record in self._roster.idle():
            if record.group.mask & bit and record.operator.id not in contact.refused:
                yield Candidate(record.operator, record.idle[0])

    def _again(self, contact: ContactRecord, now: float) -> Iterator[Candidate]:
        bit = contact.bucket.bit if contact.bucket else 0
        for record in self._roster.idle():
            refused = record.operator.id in contact.refused
            if refused and record.group.mask & bit and self._may_ask(record, contact, now):
                yield Candidate(record.operator, record.idle[0])

    def _may_ask(self, operator: OperatorRecord, contact: ContactRecord, now: float) -> bool:
        """Who refused this contact is asked again when enough time has passed, or everybody else has been asked."""
        reask = contact.refused.get(operator.operator.id)
        return reask is None or reask <= now or self._everybody_refused(contact)

    def _everybody_refused(self, contact: ContactRecord) -> bool:
        bit = contact.bucket.bit if contact.bucket else 0
        return all(
            record.operator.id in contact.refused
            for record in self._roster
            if record.state in ON_DUTY and not record.leaving and record.pause is None and record.group.mask & bit
        )
