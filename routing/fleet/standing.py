"""Operators at the leader: where each is at home, who is away with their engine, and what changed of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import msgspec

from routing import views
from routing.dispatcher import Dispatcher
from routing.fleet import messages as say
from routing.fleet.messages import Held, Message, Seen
from routing.fleet.proxy import with_phones
from routing.model import Offer, OfferOutcome, OfferState, Operator, OperatorState
from routing.router import Router
from routing.states import AFTER_OFFER, ON_DUTY

RINGING = "ringing"
"""Why an operator is not ready whose phone rings for an offer of an earlier leader."""

AT_A_CALL = frozenset({OperatorState.TALKING, OperatorState.AFTER_CALL})

QUEUES_SECONDS = 0.5
"""Between two pictures of the queues; longer where making one takes more than a fiftieth of this."""


class Standing:
    """What the leader knows of operators beside its dispatcher's own knowledge."""

    def __init__(self, dispatcher: Dispatcher, router: Router, now: Callable[[], float]) -> None:
        self._dispatcher, self._board, self._now = dispatcher, router.board, now
        self._homes: dict[str, tuple[str, float]] = {}
        self._operators: dict[str, Operator] = {}
        self._phones: dict[str, set[str]] = {}
        self._away: dict[str, Held] = {}
        self._talks: dict[str, str] = {}
        self._queue: dict[str, str] = {}
        self._dirty: set[str] = set()
        self._next_queues = now()

    # Who is there

    def phones(self, engine: str, roster: Collection[str]) -> None:
        """The engine can ring these operators, and no others."""
        for id in roster:
            self._phones.setdefault(id, set()).add(engine)
        for id in [id for id, engines in self._phones.items() if engine in engines and id not in roster]:
            self._phones[id].discard(engine)
        for operator in list(self._operators.values()):
            self._dispatcher.change(self._routed(operator))

    def _routed(self, operator: Operator) -> Operator:
        self._operators[operator.id] = operator
        return with_phones(operator, sorted(self._phones.get(operator.id, ())))

    def join(self, held: Held, *, busy: bool) -> None:
        """The operator is there, as they were; not to be offered a call before what they are at has been told."""
        id = held.operator.id
        self._homes[id] = (held.home, held.settled)
        self._away.pop(id, None)
        self._queue[id] = held.queue
        ready = held.state in ON_DUTY - AT_A_CALL and not busy
        reason = held.reason if held.state is OperatorState.NOT_READY else RINGING
        self._dispatcher.join(self._routed(held.operator), ready, reason)
        self._dirty.add(id)

    def away(self, held: Held) -> None:
        """The operator's engine is not there, and may serve them alone: nobody else does."""
        id = held.operator.id
        self._homes[id] = (held.home, held.settled)
        self._away[id] = msgspec.structs.replace(held, away=True)
        self._dirty.add(id)

    def dropped(self, engine: str) -> None:
        """The engine is not there any more; a call that is at one of its operators goes on."""
        for id in [id for id, (home, _) in self._homes.items() if home == engine and id not in self._away]:
            held = self._held(id)
            if held is not None:
                self.away(held)
                self._dispatcher.leave(id)

    def returned(self, engine: str, held: Held, *, busy: bool) -> bool:
        """The engine announces this operator under a leader who may know them; whether they are there anew."""
        id = held.operator.id
        home, settled = self._homes.get(id, (None, 0.0))
        if home is None and held.home not in ("", engine):
            self.away(held)
        elif home is None or (home == engine and id in self._away):
            self.join(msgspec.structs.replace(held, home=engine), busy=busy)
            return True
        elif held.home == engine and (home == engine or held.settled > settled):
            self._homes[id] = (engine, held.settled)
            self._claimed(id, held, moved=home != engine)
        return False

    def _claimed(self, id: str, held: Held, *, moved: bool) -> None:
        """What was said of an operator at home there may have been lost on the way here."""
        self._dirty.add(id)
        if held.state is OperatorState.NOT_READY:
            self._dispatcher.not_ready(id, held.reason)
        elif moved:
            self._away.pop(id, None)
            self._dispatcher.join(self._routed(held.operator), ready=True)
            self._dispatcher.ready(id)

    def restore(self, held: Held, orphan: Callable[[Held], None], engines: Collection[str], *, ringing: bool) -> None:
        """The conversation that the operator was in goes on if its engine is not there to say so; else it is over.

        Whose phone rings has left it behind.
        """
        id = held.operator.id
        if ringing:
            pass
        elif held.state is OperatorState.TALKING and held.contact not in self._talks:
            if held.contact.partition(":")[0] in engines:
                self._after_call(id, held.queue)
            else:
                orphan(held)
        elif held.state is OperatorState.AFTER_CALL:
            self._after_call(id, held.queue)
        if held.pause is not None:
            self._dispatcher.not_ready(id, held.pause)

    def _after_call(self, id: str, queue: str) -> None:
        self._dispatcher.restore_talking(id, f":{id}", queue)
        self._dispatcher.talk_ended(f":{id}")

    # What members do

    def do(self, engine: str, message: Message) -> None:
        """What an engine says of operators."""
        match message:
            case say.Joined(operator, ready, reason):
                self._joined(engine, operator, ready, reason)
            case say.Changed(operator) if operator.id not in self._away:
                self._dispatcher.change(self._routed(operator))
                self._dirty.add(operator.id)
            case say.Removed(id):
                self._removed(engine, id)
            case say.Ready(operator, settled):
                self._homes[operator.id] = (engine, settled)
                self._away.pop(operator.id, None)
                self._dispatcher.join(self._routed(operator), ready=True)
                self._dispatcher.ready(operator.id)
                self._dirty.add(operator.id)
            case say.NotReady(id, reason):
                self._dispatcher.not_ready(id, reason)

    def _joined(self, engine: str, operator: Operator, ready: bool, reason: str) -> None:
        self._phones.setdefault(operator.id, set()).add(engine)
        home, _ = self._homes.setdefault(operator.id, (engine, 0.0))
        if operator.id not in self._away or home == engine:
            self._away.pop(operator.id, None)
            self._dispatcher.join(self._routed(operator), ready, reason)
            self._dirty.add(operator.id)

    def _removed(self, engine: str, id: str) -> None:
        phones = self._phones.get(id, set())
        phones.discard(engine)
        self._dirty.add(id)
        if phones:  # another engine has them on its roster
            self._dispatcher.change(self._routed(self._operators[id]))
            return
        for known in (self._away, self._homes, self._operators, self._phones):
            known.pop(id, None)
        self._dispatcher.leave(id)

    # Conversations

    def restore_talk(self, operator: str, contact: str, queue: str) -> None:
        """A conversation was found going on."""
        self._queue[operator] = queue
        if self._dispatcher.restore_talking(operator, contact, queue):
            self._talks[contact] = operator

    def talked(self, offer: Offer) -> None:
        """A conversation begins."""
        self._talks[offer.contact] = offer.operator
        self._queue[offer.operator] = offer.queue

    def talk_ended(self, contact: str) -> None:
        """A conversation is over, if there was one."""
        if self._talks.pop(contact, None) is not None:
            self._dispatcher.talk_ended(contact)

    def talks_of(self, engine: str) -> set[str]:
        """The conversations at this engine."""
        return {contact for contact in self._talks if contact.startswith(engine + ":")}

    def token(self, contact: str) -> str | None:
        """Of the offer that rings for this contact."""
        record = self._board.room.get(contact)
        if record is None or record.lease is None or record.lease.state is not OfferState.PENDING:
            return None
        return record.lease.offer.token

    # What is told of it

    def hold(self, id: str) -> None:
        """The operator's phone rings for an earlier leader's offer."""
        record = self._board.roster.get(id)
        if record is not None and record.state is OperatorState.READY:
            self._dispatcher.not_ready(id, RINGING)

    def release(self, id: str, outcome: OfferOutcome) -> None:
        """It rings no more; what the operator has asked for meanwhile holds."""
        record = self._board.roster.get(id)
        if record is None or record.reason != RINGING:
            return
        if AFTER_OFFER[outcome] is OperatorState.READY:
            self._dispatcher.ready(id)
        else:
            self._dispatcher.not_ready(id, outcome.value)

    def changed(self, id: str) -> None:
        """The operator's state is another."""
        self._dirty.add(id)

    def news(self) -> Seen | None:
        """What changed since the last time."""
        queues = self._queues()
        if not self._dirty and queues is None:
            return None
        return self._seen(self._dirty, queues)

    def _queues(self) -> list[views.QueueView] | None:
        began = self._now()
        if began < self._next_queues:
            return None
        queues = self._dispatcher.queues()
        now = self._now()
        self._next_queues = now + max(QUEUES_SECONDS, 50 * (now - began))
        return queues

    def whole(self, engines: list[str], leader: str) -> Seen:
        """Everything."""
        seen = self._seen({*self._homes, *self._dirty}, self._dispatcher.queues())
        return msgspec.structs.replace(seen, whole=True, engines=engines, leader=leader)

    def _seen(self, ids: Iterable[str], queues: list[views.QueueView] | None) -> Seen:
        seen = {id: self._held(id) for id in ids}
        self._dirty = set()
        gone = [id for id, held in seen.items() if held is None]
        return Seen([held for held in seen.values() if held is not None], gone, queues)

    def _held(self, id: str) -> Held | None:
        record = self._board.roster.get(id)
        if record is None:
            return self._away.get(id)
        view, (home, settled) = views.of_operator(record), self._homes.get(id, ("", 0.0))
        return Held(
            self._operators.get(id, record.operator),
            home,
            view.state,
            view.reason,
            view.since,
            view.contact,
            view.pause,
            self._queue.get(id, ""),
            id in self._away,
            settled,
        )
