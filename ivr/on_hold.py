"""A call that waits in one queue: the music, its keys, the offers, and what the clock makes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace

import structlog

from ivr.call import Call
from ivr.calllog.events import Queued, QueueLeft
from ivr.channel import KEYS, CallerGone, QueueRequest, QueueResult
from ivr.dialogue import words
from ivr.identifiers.ticket_number import ticket_number
from ivr.leading import EMERGENCY, Leading, LedOn
from ivr.ringing import Ringing, Stay
from ivr.speech import Groups, Value
from routing.model import Contact, Offer
from routing.waiting import QueueClosed

_log = structlog.get_logger(__name__)

LEAST_LEFT = 60.0
"""Seconds of waiting that a call taken up again has left: a clock set forward meanwhile sends nobody away at once."""


class OnHold:
    """The music, the keys and the offers of one stay, until ``until`` (s, by the steady clock).

    ``leading``: where the clock leads meanwhile, but never back to where the call has ``been``; an emergency may.
    """

    def __init__(self, stay: Stay, until: float, leading: Leading, been: Collection[str]) -> None:
        self._stay = stay
        self._call = stay.call
        self._line = stay.line
        self.until = until
        self._leading, self._been = leading, been

    @property
    def call(self) -> Call:
        """As Wait.call."""
        return self._call

    @property
    def request(self) -> QueueRequest:
        """As Wait.request."""
        return self._stay.request

    @property
    def contact(self) -> Contact:
        """As Wait.contact."""
        return self._stay.waiting.contact

    def change(self, request: QueueRequest, why: str) -> None:
        """As Wait.change: the same time counts on, and a longest wait that is over by it has a little left."""
        stay, since = self._stay, self._call.state.queued_since
        self._stay, steady = replace(stay, request=request), stay.steady()
        self.until = max(self.contact.since + request.max_wait, steady + min(LEAST_LEFT, request.max_wait))
        now = stay.now()
        began = now if since is None else since
        self._call.log(Queued(at=now, queue=request.queue, needs=request.needs, since=began, why=why))
        _come(self._stay.waiting.news())

    def look(self) -> None:
        """As Wait.look."""
        _come(self._stay.waiting.news())

    async def run(self) -> QueueResult | LedOn:
        """Offer by offer, until one of them is answered, the wait is over, or it goes on in another queue."""
        try:
            return await self._run()
        except CallerGone:
            self._stay.log_unanswered()
            raise

    async def _run(self) -> QueueResult | LedOn:
        try:
            made = await self._at_once()
            while True:
                await self._line.music(on=True)
                offer = made or await self._offer()
                if isinstance(offer, QueueResult):
                    return await self._leave(offer)
                if isinstance(offer, LedOn):
                    self._stay.log_unanswered()
                    return offer
                if await Ringing(self._stay, offer).run():
                    return QueueResult.ANSWERED
                made = None
        except QueueClosed as closed:
            _log.info("caller turned away", queue=self._stay.request.queue, why=str(closed))
            onward = self._elsewhere(self._leading.closed(self._stay.request.queue))
            return onward or await self._leave(QueueResult.CLOSED)

    def _elsewhere(self, onward: LedOn | None) -> LedOn | None:
        """Where the call has not been yet: a change of the queues under it leads nobody round."""
        if onward is None or onward.why == EMERGENCY:  # people order these one by one: they lead nobody round for ever
            return onward
        return None if onward.queue in self._been else onward

    async def _leave(self, result: QueueResult) -> QueueResult:
        self._stay.log_unanswered()
        self._call.log(QueueLeft(at=self._stay.now(), why=result.value))
        await self._line.music(on=False)
        return result

    async def _at_once(self) -> Offer | None:
        """The offer to an operator who is free now: their phone rings before another word is said.

        Where nobody is, the caller is asked to hold, and a later offer waits for the end of these few words.
        """
        made = await self._stay.waiting.settled()
        if made is None and await self._say(self._stay.request.hold, KEYS) == self._stay.request.tell_number_key:
            await self._tell_number()
        return made

    async def _offer(self) -> Offer | QueueResult | LedOn:
        """The next offer, the caller's keys obeyed meanwhile; else how the wait ends, or where it goes on."""
        waiting = self._stay.waiting
        while (made := waiting.made()) is None:
            if due := self._due():
                return due
            left = self.until - self._stay.steady()
            if left <= 0:
                return QueueResult.TIMEOUT
            look = self._leading.look_again(self.request.queue, self._waited())
            key = await self._key(left if look is None else min(left, look))
            if key == self._stay.request.tell_number_key and waiting.made() is None:
                await self._tell_number()
        return made

    def _due(self) -> QueueResult | LedOn | None:
        """Whether the hours, or the time waited, lead the call elsewhere."""
        due = self._leading.due(self.request.queue, self._waited(), self._on_duty)
        return self._elsewhere(due) if isinstance(due, LedOn) else due

    def _waited(self) -> float:
        return self._stay.steady() - self.contact.since

    def _on_duty(self) -> bool:
        """Whether somebody is there who could take this call, now or after the call that is at them."""
        terms = (self.contact.needs, *(needs for _, needs in self.contact.relax))
        return any(map(self._stay.waiting.on_duty, terms))

    async def _key(self, seconds: float) -> str | None:
        """A key; None for news of an offer, for other terms of waiting, and at the latest after ``seconds``.

        All of them end one future, so that no task is needed but the key's, if the line has one. Raises CallerGone
        even when there is an offer: no phone is rung for somebody who has hung up.
        """
        news = self._stay.waiting.news()
        key = asyncio.ensure_future(self._line.waiting_key())
        key.add_done_callback(lambda _: _come(news))
        timer = asyncio.get_running_loop().call_later(seconds, _come, news)
        try:
            await news
            return key.result() if key.done() else None
        finally:
            timer.cancel()
            key.cancel()
            if not key.done():
                await asyncio.wait((key,))
            if not key.cancelled():
                key.exception()  # looked at, so that nobody is told that it was not

    async def _tell_number(self) -> None:
        """Say the ticket's number. An offer that comes meanwhile waits for the end of it."""
        number = Groups(ticket_number.grouped(str(self._call.state.ticket)), private=False)
        # Asterisk tells AMI of a short key at once and AGI when its shortest length is over: into this prompt (seen).
        keys = KEYS.replace(self._stay.request.tell_number_key, "")
        await self._line.music(on=False)
        await self._say(self._stay.request.tell_number, keys, number=number)
        await self._line.music(on=True)

    async def _say(self, prompt: str, keys: str, **values: Value) -> str | None:
        """Say the prompt, if there is one; the key that cut it short."""
        speech = words(self._call, prompt, **values) if prompt else ()
        return await self._line.play(speech, keys=keys) if speech else None


def _come(news: asyncio.Future[None]) -> None:
    if not news.done():
        news.set_result(None)
