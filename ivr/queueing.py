"""A call's time in a queue, on any kind of line: music, an operator's phone rings, the two talk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from ivr.call import Call
from ivr.calllog.events import Queued, QueueLeft
from ivr.channel import KEYS, Line, QueueRequest, QueueResult
from ivr.dialogue import words
from ivr.identifiers.ticket_number import ticket_number
from ivr.recordings import Recordings
from ivr.ringing import Ringing, Stay
from ivr.speech import Groups, Value
from routing.dispatcher import Dispatcher
from routing.model import Contact, Offer
from routing.waiting import QueueClosed

_log = structlog.get_logger(__name__)

LEAST_LEFT = 60.0
"""Seconds of waiting that a call taken up again has left: a clock set forward meanwhile sends nobody away at once."""


class Queueing:
    """Queues for every channel's ``enqueue``.

    ``now``: the wall clock, for the log (s since 1970). ``steady``: the dispatcher's clock, for all that waits (s).
    ``free_to_ring`` gets each time (s) from an offer's making to the command that rings the phone.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        recordings: Recordings,
        *,
        now: Callable[[], float],
        steady: Callable[[], float],
        free_to_ring: Callable[[float], None],
    ) -> None:
        self._dispatcher = dispatcher
        self._recordings = recordings
        self._now, self._steady, self._free_to_ring = now, steady, free_to_ring

    async def wait(self, call: Call, line: Line, request: QueueRequest) -> QueueResult:
        """Wait for an operator, talk to them, come back when they have hung up.

        A call that waited already (before its engine was restarted) keeps its place. Raises CallerGone; whatever
        happens, the contact has left the queue afterwards and the call's log says how.
        """
        now, steady = self._now(), self._steady()
        earlier = call.state.queued_since if call.state.waiting else None
        since = now if earlier is None else min(earlier, now)
        began = steady - (now - since)
        call.log(Queued(at=now, queue=request.queue, needs=request.needs, since=since))
        self._warn(request)
        contact = Contact(
            call.state.call_id, request.queue, began, request.needs, relax=request.relax, priority=request.priority
        )
        left = 0.0 if earlier is None else min(LEAST_LEFT, request.max_wait)
        until = max(began + request.max_wait, steady + left)
        async with self._dispatcher.enqueue(contact) as waiting:
            stay = Stay(
                call,
                line,
                request,
                waiting,
                self._recordings,
                now=self._now,
                steady=self._steady,
                free_to_ring=self._free_to_ring,
            )
            return await _Wait(stay, until).run()

    def _warn(self, request: QueueRequest) -> None:
        *relaxed, least = request.needs, *(needs for _, needs in request.relax)
        why = self._dispatcher.unmet(least)
        if why is None or any(self._dispatcher.unmet(needs) is None for needs in relaxed):
            return
        _log.warning("no operator could take this call", queue=request.queue, why=why)


class _Wait:
    """The music, the keys and the offers of one stay, until ``until`` (s, by the steady clock)."""

    def __init__(self, stay: Stay, until: float) -> None:
        self._stay = stay
        self._call = stay.call
        self._line = stay.line
        self._until = until

    async def run(self) -> QueueResult:
        """Offer by offer, until one of them is answered or the wait is over."""
        try:
            offer = await self._at_once()
            while True:
                await self._line.music(on=True)
                offer = offer or await self._offer()
                if offer is None:
                    return await self._leave(QueueResult.TIMEOUT)
                if await Ringing(self._stay, offer).run():
                    return QueueResult.ANSWERED
                offer = None
        except QueueClosed as closed:
            _log.info("caller turned away", queue=self._stay.request.queue, why=str(closed))
            return await self._leave(QueueResult.CLOSED)

    async def _leave(self, result: QueueResult) -> QueueResult:
        self._call.log(QueueLeft(at=self._stay.now(), why=result.value))
        await self._line.music(on=False)
        return result

    async def _at_once(self) -> Offer | None:
        """The offer to an operator who is free now: their phone rings before another word is said.

        Where nobody is, the caller is asked to hold, and a later offer waits for the end of these few words.
        """
        made = self._stay.waiting.made()
        if made is None and await self._say(self._stay.request.hold, KEYS) == self._stay.request.tell_number_key:
            await self._tell_number()
        return made

    async def _offer(self) -> Offer | None:
        """The next offer, the caller's keys obeyed meanwhile; None when the longest wait has passed."""
        waiting = self._stay.waiting
        while (made := waiting.made()) is None:
            try:
                key = await self._key(max(0.0, self._until - self._stay.steady()))
            except TimeoutError:
                return waiting.made()
            if key == self._stay.request.tell_number_key and waiting.made() is None:
                await self._tell_number()
        return made

    async def _key(self, seconds: float) -> str | None:
        """A key, None for news of an offer. Raises CallerGone, and TimeoutError when ``seconds`` have passed.

        All three end one future, so that no task is needed but the key's, if the line has one.
        """
        news = self._stay.waiting.news()
        key = asyncio.ensure_future(self._line.waiting_key())
        key.add_done_callback(lambda _: _come(news))
        timer = asyncio.get_running_loop().call_later(seconds, _too_late, news)
        try:
            await news
            return key.result() if key.done() else None
        finally:
            timer.cancel()
            if not key.cancel() and not key.cancelled():
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


def _too_late(news: asyncio.Future[None]) -> None:
    if not news.done():
        news.set_exception(TimeoutError())
