"""The leader's side: the one dispatcher of the fleet, told by its members, telling them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping

import structlog
from msgspec.structs import replace

from routing.dispatcher import Dispatcher
from routing.events import Enqueued, OfferFailed, OperatorStateChanged
from routing.fleet import messages as say
from routing.fleet import muster
from routing.fleet.gathering import Gathering
from routing.fleet.loose import RECALL_SECONDS, Holds, Orphans
from routing.fleet.messages import Announce, Held, Message
from routing.fleet.proxy import Proxy, at_engine, theirs
from routing.fleet.standing import Standing
from routing.model import Contact, Offer, OfferOutcome, Queue
from routing.router import Router

_log = structlog.get_logger(__name__)

MUSTER_SECONDS = 0.8
"""How long a new leader waits for the announcements of engines that were there under the last one, at the most."""

SILENT_SECONDS = 1.5
"""An engine of which nothing was heard for so long is not there: its callers wait no more, its operators are away."""

HELD_UP_SECONDS = 0.5
"""A leader that slept so much longer than it meant to begins to listen for silence anew."""

LOOK_SECONDS = 0.05
"""Between two looks at who is silent, and two pictures of the whole."""


class Leader:
    """Leads for one epoch. ``say(message, engine)``: to one member, or to all ("").

    ``expected``: engines whose announcement is waited for. Contacts are known by their engine's name and their own,
    for two engines may have calls of one name.
    """

    def __init__(
        self,
        engine: str,
        router: Router,
        now: Callable[[], float],
        say: Callable[[Message, str], None],
        expected: frozenset[str],
    ) -> None:
        self._engine, self._now, self._say = engine, now, say
        self.dispatcher = Dispatcher(router, now, on_operator=self._operator_changed)
        self._proxies: dict[str, Proxy] = {}
        self._queues: dict[str, list[Queue]] = {}
        self._heard: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._standing = Standing(self.dispatcher, router, now)
        self._holds = Holds(self._standing, now, self._lapsed)
        self._orphans = Orphans(now, self._standing.talk_ended)
        self._gathering: Gathering | None = Gathering(expected | {engine}, now() + MUSTER_SECONDS)

    async def run(self) -> None:
        """Decide, until cancelled."""
        async with self.dispatcher.running():
            while True:
                slept = self._now()
                await asyncio.sleep(LOOK_SECONDS)
                if self._now() - slept > HELD_UP_SECONDS:  # what was told meanwhile is yet to be read
                    self._heard = dict.fromkeys(self._heard, self._now())
                try:
                    self.look()
                except Exception:  # the next look may do better, and nobody else decides meanwhile
                    _log.exception("the leader's look failed; calls go on")

    def look(self) -> None:
        """What the clock brings."""
        if self._gathering is not None:
            if self._now() > self._gathering.until:
                self._decide(self._gathering)
            return
        for engine in [engine for engine, at in self._heard.items() if self._now() - at > SILENT_SECONDS]:
            if engine != self._engine:
                self._drop(engine)
        self._holds.look()
        self._orphans.look()
        seen = self._standing.news()
        if seen is not None:
            self._say(seen, "")

    def told(self, engine: str, message: Message) -> None:
        """A member says this."""
        if self._gathering is not None:
            if self._gathering.hear(engine, message):
                self._decide(self._gathering)
        elif isinstance(message, Announce):
            self._returned(engine, message)
        elif engine not in self._heard:
            self._ask(engine)
        else:
            self._heard[engine] = self._now()
            self._do(engine, message)

    def _ask(self, engine: str) -> None:
        """For everything, of an engine that was taken to be away or is new; again if need be."""
        now = self._now()
        if now - self._asked.get(engine, 0.0) > HELD_UP_SECONDS:
            self._asked[engine] = now
            self._say(say.TellAll(), engine)

    # A new epoch

    def _decide(self, gathering: Gathering) -> None:
        self._gathering, mustered = None, gathering.announced
        now = self._now()
        self._heard = dict.fromkeys(mustered, now)
        self._queues = {engine: announce.queues for engine, announce in mustered.items()}
        self._set_queues()
        for engine, announce in mustered.items():
            self._standing.phones(engine, announce.roster)
        roll, busy = muster.operators(mustered), muster.busy(mustered.values())
        for held in roll.present:
            self._standing.join(held, busy=held.operator.id in busy)
        for held in roll.away:
            self._standing.away(held)
        self._take_calls(mustered, roll.present, muster.ringing(mustered.values()))
        waiting = [(contact, engine) for engine, announce in mustered.items() for contact in announce.waiting]
        for contact, engine in sorted(waiting, key=lambda each: each[0].since):
            self._wait(engine, contact)
        self._everybody("")
        for engine, message in gathering.since:
            self._do(engine, message)
        _log.info("the fleet is led", engines=len(mustered), operators=len(roll.present), waiting=len(waiting))

    def _take_calls(self, announced: Mapping[str, Announce], there: Iterable[Held], ringing: Collection[str]) -> None:
        """Who talks, whose phone rings, and what else the operators were at who are there from now on."""
        for engine, announce in announced.items():
            for talk in announce.talks:
                self._talking(engine, talk)
        for held in there:
            self._standing.restore(held, self._orphaned, self._heard.keys(), ringing=held.operator.id in ringing)
        for engine, announce in announced.items():
            for contact, offer in announce.ringing:
                self._holds.take(self._ours(engine, offer), contact, engine)

    def _returned(self, engine: str, announce: Announce) -> None:
        """An engine is new, is back, or lost something on the way: what it says of its own calls is so."""
        self._heard[engine] = self._now()
        self._queues[engine] = announce.queues
        self._set_queues()
        ringing = {f"{engine}:{contact.id}": offer.token for contact, offer in announce.ringing}
        for id in [id for id in self._proxies if id.startswith(engine + ":")]:
            if ringing.get(id) != self._standing.token(id):
                self._release(id)
        self._standing.phones(engine, announce.roster)
        busy = muster.busy([announce])
        there = [h for h in announce.operators if self._standing.returned(engine, h, busy=h.operator.id in busy)]
        known = {f"{engine}:{talk.contact}" for talk in announce.talks}
        self._orphans.hold(self._standing.talks_of(engine) - known, RECALL_SECONDS)
        new = [(c, o) for c, o in announce.ringing if self._standing.token(f"{engine}:{c.id}") != o.token]
        self._take_calls({engine: Announce(ringing=new, talks=announce.talks)}, there, muster.ringing([announce]))
        for contact in sorted(announce.waiting, key=lambda contact: contact.since):
            self._wait(engine, contact)
        self._everybody("")

    def _drop(self, engine: str) -> None:
        _log.warning("an engine is not heard of", engine=engine)
        del self._heard[engine]
        talks = self._standing.talks_of(engine)
        self._orphans.hold(talks)
        for id in [id for id in self._proxies if id.startswith(engine + ":") and id not in talks]:
            self._release(id)
        self._holds.drop(engine)
        self._standing.dropped(engine)
        self._everybody("")

    def _orphaned(self, held: Held) -> None:
        self._standing.restore_talk(held.operator.id, held.contact, held.queue)
        self._orphans.hold([held.contact])

    def _everybody(self, engine: str) -> None:
        self._say(self._standing.whole(sorted(self._heard), self._engine), engine)

    def _set_queues(self, contacts: tuple[Contact, ...] = ()) -> None:
        self.dispatcher.set_queues(muster.queues(self._queues, self._engine), contacts)

    # What members do

    def _do(self, engine: str, message: Message) -> None:
        match message:
            case say.Wait(contact, again):
                self._wait(engine, contact, again=again)
            case say.Left(id):
                self._holds.left(f"{engine}:{id}")
                self._release(f"{engine}:{id}")
            case say.Accepted(offer):
                self._accepted(self._ours(engine, offer))
            case say.Failed(offer, outcome):
                self._failed(self._ours(engine, offer), outcome)
            case say.Talking(talk):
                self._talking(engine, talk)
            case say.TalkEnded(id):
                self._standing.talk_ended(f"{engine}:{id}")
                self._orphans.forget(f"{engine}:{id}")
            case say.Expects(queue, seconds):
                self.dispatcher.expect(queue, seconds)
            case say.Queues(queues, contacts):
                self._queues[engine] = queues
                self._set_queues(tuple(at_engine(engine, contact) for contact in contacts))
            case _:
                self._standing.do(engine, message)

    def _wait(self, engine: str, contact: Contact, *, again: bool = False) -> None:
        contact = at_engine(engine, contact)
        self._orphans.forget(contact.id)
        if again and contact.id in self._proxies:
            self.dispatcher.tell(Enqueued(contact))
            return
        known = self._proxies.pop(contact.id, None)
        if known is not None:
            self.dispatcher.release(known)
        proxy = self._proxies[contact.id] = Proxy(contact, engine, self._say)
        self.dispatcher.take_over(proxy)

    def _release(self, id: str) -> None:
        proxy = self._proxies.pop(id, None)
        if proxy is not None:
            self.dispatcher.release(proxy)
        self._standing.talk_ended(id)

    def _accepted(self, offer: Offer) -> None:
        self._holds.answered(offer)
        self._standing.talked(offer)
        self.dispatcher.answered(offer)

    def _failed(self, offer: Offer, outcome: OfferOutcome) -> None:
        contact, engine = self._holds.failed(offer, outcome)
        if contact is not None and outcome is not OfferOutcome.WITHDRAWN:
            self._wait(engine, contact)
        self.dispatcher.tell(OfferFailed(offer.token, outcome))

    def _talking(self, engine: str, talk: say.Talk) -> None:
        id = f"{engine}:{talk.contact}"
        self._orphans.forget(id)
        self._standing.restore_talk(talk.operator, id, talk.queue)

    def _lapsed(self, offer: Offer, engine: str) -> None:
        self._say(say.Lapsed(theirs(offer)), engine)

    def _operator_changed(self, change: OperatorStateChanged) -> None:
        self._standing.changed(change.operator)

    @staticmethod
    def _ours(engine: str, offer: Offer) -> Offer:
        return replace(offer, contact=f"{engine}:{offer.contact}")
