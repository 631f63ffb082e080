"""What an engine knows of the whole fleet's operators and queues, as the leader last said it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from routing.fleet.messages import Held, Seen
from routing.model import Operator, OperatorState
from routing.states import BUSY
from routing.views import OperatorView, QueueView


class Mirror:
    """Operators by id, queues, members. What this engine does itself it sees at once, and the leader has the last word.

    ``operators`` are those of its own roster and those that the leader told of. ``roster``: the ids of its own.
    ``engines``: all members; ``others``: those that neither lead nor are this one.
    """

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self.operators: dict[str, Held] = {}
        self.queues: list[QueueView] = []
        self.engines: frozenset[str] = frozenset()
        self.others: frozenset[str] = frozenset()
        self.roster: set[str] = set()
        self._told: dict[str, tuple[OperatorState, str, bool]] = {}

    def views(self) -> list[OperatorView]:
        """Every operator, by id; a contact of this engine by its own name."""
        own = self._engine + ":"
        held = (self.operators[id] for id in sorted(self.operators))
        return [msgspec.structs.replace(h, contact=h.contact.removeprefix(own)).view() for h in held]

    def saw(self, seen: Seen) -> list[Held]:
        """The leader says this; those of whom it says another state than before."""
        for id in seen.gone:
            self.operators.pop(id, None)
            self._told.pop(id, None)
        told = {held.operator.id: held for held in seen.operators}
        changed = [held for id, held in told.items() if self._told.get(id) != _state(held)]
        self._told.update((held.operator.id, _state(held)) for held in changed)
        if seen.whole:
            own = {id: held for id, held in self.operators.items() if id in self.roster}
            self.operators, self.engines = own, frozenset(seen.engines)
            if len(seen.engines) > 1:  # alone, the others are expected back
                self.others = frozenset(seen.engines) - {seen.leader, self._engine}
        self.operators.update(told)
        self.queues = self.queues if seen.queues is None else seen.queues
        return changed

    def join(self, operator: Operator, ready: bool, reason: str, now: float) -> None:
        """An operator is on this engine's roster."""
        self.roster.add(operator.id)
        if operator.id in self.operators:
            self.change(operator)
            return
        state = OperatorState.READY if ready else OperatorState.NOT_READY
        self.operators[operator.id] = Held(operator, state=state, reason=reason, since=now)

    def change(self, operator: Operator) -> None:
        """Other skills."""
        self._set([operator.id], operator=operator)

    def remove(self, id: str) -> None:
        """No longer on this engine's roster."""
        self.roster.discard(id)
        if id in self.operators and self.operators[id].state not in BUSY:
            del self.operators[id]

    def ready(self, id: str, now: float) -> None:
        """Takes calls, here."""
        if self.operators[id].state in BUSY:
            self._set([id], pause=None, home=self._engine, settled=now, away=False)
        else:
            self._set([id], state=OperatorState.READY, reason="", since=now, home=self._engine, settled=now, away=False)

    def not_ready(self, id: str, reason: str, now: float) -> None:
        """Takes no calls."""
        if self.operators[id].state in BUSY:
            self._set([id], pause=reason)
        elif self.operators[id].state is not OperatorState.OFFLINE:
            self._set([id], state=OperatorState.NOT_READY, reason=reason, since=now)

    def _set(self, ids: Iterable[str], **values: object) -> None:
        for id in ids:
            if id in self.operators:
                self.operators[id] = msgspec.structs.replace(self.operators[id], **values)


def _state(held: Held) -> tuple[OperatorState, str, bool]:
    return held.state, held.reason, held.away
