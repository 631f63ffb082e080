"""What is to be decided after one event: by the places in the queue, however many operators and contacts changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush

from routing.bucket import Order
from routing.matching import Matching
from routing.model import OperatorState
from routing.room import ContactRecord
from routing.roster import OperatorRecord
from routing.strategies import Strategy


class Agenda:
    """Contacts that may have found an operator: those to be placed, and the first for each operator who came free."""

    def __init__(
        self,
        matching: Matching,
        strategy: Callable[[ContactRecord], Strategy],
        now: float,
        freed: list[OperatorRecord],
        placing: list[ContactRecord],
    ) -> None:
        self._matching = matching
        self._strategy = strategy
        self._now = now
        self._heap: list[tuple[Order, int, ContactRecord, OperatorRecord | None]] = []
        self._count = 0
        for contact in placing:
            self._push(contact, None)
        for operator in freed:
            self._look(operator)

    def pairs(self) -> Iterator[tuple[ContactRecord, OperatorRecord]]:
        """Contact by contact with its operator; each pair must be an offer before the next is asked for."""
        while self._heap:
            _, _, contact, freed = heappop(self._heap)
            if contact.bucket is not None and (freed is None or freed.state is OperatorState.READY):
                operator = self._matching.operator_for(contact, self._strategy(contact), self._now)
                if operator is not None:
                    yield contact, operator
            if freed is not None:
                self._look(freed)

    def _look(self, operator: OperatorRecord) -> None:
        if operator.state is OperatorState.READY:
            contact = self._matching.contact_for(operator, self._now)
            if contact is not None:
                self._push(contact, operator)

    def _push(self, contact: ContactRecord, operator: OperatorRecord | None) -> None:
        self._count += 1
        heappush(self._heap, (contact.order, self._count, contact, operator))
