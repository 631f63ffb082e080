"""A contact's side of the dispatcher: wait, be offered an operator, say how it went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from routing.events import Enqueued, OfferFailed
from routing.explain.written import Written
from routing.model import Contact, Needs, Offer, OfferOutcome

if TYPE_CHECKING:
    from routing.ports import Routing


class QueueClosed(Exception):
    """Nobody waits in this queue (any longer); the message says why."""


class Waiting:
    """One contact's time in the queue, as a context: leaving it, in whatever way, withdraws the contact.

    Every offer ends by ``failed``, or by ``accepted`` and then ``finished``. Only ``settled``, ``offer`` and ``news``
    wait, and they may be cancelled: an offer made meanwhile is there at the next call.
    """

    def __init__(self, dispatcher: Routing, contact: Contact) -> None:
        self.contact = contact
        self._dispatcher = dispatcher
        self._offer: Offer | None = None
        self._refusal: str | None = None
        self._lapsed = False
        self._seen: Callable[[], Written] | None = None
        self._news: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Waiting:
        self._dispatcher.take_over(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._dispatcher.release(self)

    def made(self) -> Offer | None:
        """The offer that holds now, if there is one; where one has lapsed, another is asked for. Raises QueueClosed."""
        if self._lapsed:
            self._lapsed = False
            self._dispatcher.tell(Enqueued(self.contact))
        if self._offer is None and self._refusal is not None:
            raise QueueClosed(self._refusal)
        return self._offer

    async def settled(self) -> Offer | None:
        """The offer to somebody who is free now, if anybody is; at once, or when a leader has had time for it."""
        if self.made() is None and self._dispatcher.decides_within:
            await asyncio.wait((self.news(),), timeout=self._dispatcher.decides_within)
        return self.made()

    def news(self) -> asyncio.Future[None]:
        """Done when ``made`` may say something else. For one waiter, who may finish it for reasons of their own."""
        if self._news is None or self._news.done():
            self._news = asyncio.get_running_loop().create_future()
        return self._news

    async def offer(self) -> Offer:
        """The next offer, at once when there is one. Raises QueueClosed."""
        while (offer := self.made()) is None:
            await self.news()
        return offer

    def seen(self) -> Written | None:
        """What the router saw when it made the latest offer: told once, and not before it is there."""
        seen, self._seen = self._seen, None
        return seen() if seen is not None else None

    def unanswered(self) -> Written | None:
        """What the router sees now that nobody is offered the contact; None when it does not wait."""
        return self._dispatcher.seen(self.contact.id)

    def accepted(self, offer: Offer) -> None:
        """The operator picked up. Even when the offer had lapsed: then the router learns what is so."""
        self._forget(offer)
        self._dispatcher.answered(offer)

    def on_duty(self, needs: Needs) -> bool:
        """Whether somebody who takes calls, now or as soon as the present one is over, could meet these needs."""
        return self._dispatcher.on_duty(needs)

    def failed(self, offer: Offer, outcome: OfferOutcome) -> None:
        """The operator did not pick up. WITHDRAWN: the caller is gone, and the contact leaves."""
        self._forget(offer)
        self._dispatcher.tell(OfferFailed(offer.token, outcome))

    def finished(self, offer: Offer) -> None:
        """The conversation of this offer is over."""
        self._dispatcher.talk_ended(offer.contact)

    def offered(self, offer: Offer) -> None:
        """For the dispatcher: there is an offer."""
        self._offer = offer
        self._tell()

    def decided(self, seen: Callable[[], Written]) -> None:
        """For the dispatcher: what it saw when it made the offer."""
        self._seen = seen

    def withdrawn(self, offer: Offer) -> None:
        """For the dispatcher: the offer holds no longer. The next ``offer`` asks for another."""
        self._forget(offer)
        self._lapsed = True

    def turned_away(self, why: str) -> None:
        """For the dispatcher: the contact cannot wait here."""
        self._refusal = why
        self._tell()

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def _forget(self, offer: Offer) -> None:
        if self._offer is not None and self._offer.token == offer.token:
            self._offer = None
