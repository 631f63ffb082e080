"""Which contact for this operator, which operator for this contact: every rule of who may be asked is here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from random import Random

from routing.bucket import Bucket
from routing.index import Index
from routing.room import ContactRecord
from routing.roster import OperatorRecord, Roster
from routing.strategies import Candidate, Strategy


class Matching:
    """Answers from the indices; changes nothing."""

    def __init__(self, index: Index, roster: Roster, chance: Random) -> None:
        self._index = index
        self._roster = roster
        self._chance = chance

    def contact_for(self, operator: OperatorRecord, now: float) -> ContactRecord | None:
        """The waiting contact that a free operator is offered: by its place."""
        best = self._anybodys(operator, now)
        for contact in self._index.held(operator.operator.id):
            if best is not None and best.order < contact.order:
                break
            if not self._roster.keeps(operator, contact.leave_free):
                return contact
        return best

    def _anybodys(self, operator: OperatorRecord, now: float) -> ContactRecord | None:
        best: ContactRecord | None = None
        keeping = self._roster.keeping(operator)
        if len(keeping) == len(self._index.leave_free):
            return None
        mask = self._index.mask(operator)
        for order, bucket in self._index.heads(mask):
            if best is not None and best.order < order:
                break
            if bucket.due <= now:
                bucket.look(now)
            if not mask & bucket.bit or bucket.leave_free in keeping:
                continue
            contact = bucket.first
            assert contact is not None
            if contact.refused is None or operator.operator.id not in contact.refused:
                return contact
            within = self._within(bucket, operator, now)
            later = next((other for other in within if self._may_ask(operator, other, now)), None)
            if later is not None and (best is None or later.order < best.order):
                best = later
        return best

    def _within(self, bucket: Bucket, operator: OperatorRecord, now: float) -> Iterator[ContactRecord]:
        """The contacts of this bucket whom the operator can serve by now."""
        mask = self._index.mask(operator)
        return takewhile(lambda contact: mask & bucket.bits[bucket.stage(contact, now)], bucket)

    def operator_for(self, contact: ContactRecord, strategy: Strategy, now: float) -> OperatorRecord | None:
        """The free operator who is offered a waiting contact: by the strategy, those who refused it last."""
        if contact.held:
            own = self._roster.get(contact.contact.operator)
            free = own and own.bit & self._roster.ready_bits and not self._roster.keeps(own, contact.leave_free)
            return own if free else None
        able = self._able(contact, now) & self._roster.ready_bits
        if able and contact.leave_free and contact.bucket is not None:
            able &= ~contact.bucket.kept(self._index.skills, self._roster.ready_bits)
        if not able:
            return None
        if contact.bucket is not None and contact.bucket.eases:
            contact.relax(now)
        refused = self._refused(contact)
        chosen = self._choose(contact, able & ~refused, strategy, now)
        if chosen is None and able & refused:
            chosen = self._choose(contact, able & self._to_ask_again(contact, now), strategy, now)
        return chosen

    def _choose(self, contact: ContactRecord, bits: int, strategy: Strategy, now: float) -> OperatorRecord | None:
        if not bits:
            return None
        if contact.prefer:
            bits = bits & self._index.skills.able(contact.prefer) or bits
        candidates = (Candidate(r.operator, r.idle[0], r.turn, r.load) for r in self._roster.idle(bits))
        chosen = strategy.choose(candidates, contact.needs, now, self._chance)
        return None if chosen is None else self._roster.get(chosen.operator.id)

    def _able(self, contact: ContactRecord, now: float) -> int:
        bucket = contact.bucket
        return bucket.able(self._index.skills, bucket.stage(contact, now)) if bucket is not None else 0

    def _refused(self, contact: ContactRecord) -> int:
        return self._bits(contact.refused) if contact.refused else 0

    def _bits(self, operators: Iterator[str] | dict[str, float]) -> int:
        bits = 0
        for operator in operators:
            record = self._roster.get(operator)
            bits |= record.bit if record is not None else 0
        return bits

    def _to_ask_again(self, contact: ContactRecord, now: float) -> int:
        """Who refused this contact is asked again when enough time has passed, or everybody else has been asked."""
        refused = contact.refused or {}
        if not self._able(contact, now) & self._roster.duty_bits & ~self._refused(contact):
            return self._refused(contact)
        return self._bits(operator for operator, until in refused.items() if until <= now)

    def _may_ask(self, operator: OperatorRecord, contact: ContactRecord, now: float) -> bool:
        return not contact.refused_by(operator.operator.id) or bool(operator.bit & self._to_ask_again(contact, now))
