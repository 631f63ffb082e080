"""An engine of a fleet without telephones: its calls ring operators on paper, and the test says how each ring ends."""

import asyncio
import itertools
from contextlib import AsyncExitStack, asynccontextmanager

from routing.clock import steady
from routing.fleet.fleet import Fleet
from routing.model import Contact, OfferOutcome, Operator, Queue
from routing.router import Router
from routing.waiting import QueueClosed

EVERYBODY = ("op1", "op2", "a1", "a2", "b1", "b2", "c1", "c2")
"""Whose phones every engine can ring."""

QUEUE = Queue("help", ring=5.0, wrap_up=0.0)


class Phones:
    """Every operator's phone, of all engines. ``clashes``: who was rung or at a call when another call came."""

    def __init__(self):
        self.busy, self.clashes = {}, []

    def takes(self, operator, call):
        """The phone rings for this call."""
        if operator in self.busy:
            self.clashes.append((operator, self.busy[operator], call))
        self.busy[operator] = call

    def frees(self, operator, call):
        """That is over."""
        if self.busy.get(operator) == call:
            del self.busy[operator]


class PaperCall:
    """A call that waits, is offered operators, and talks. ``rings``: the operators it was offered, in order."""

    def __init__(self, engine, id, waited=0.0, queue="help"):
        self.contact = Contact(id, queue, engine.now() - waited)
        self.engine, self.rings, self.offer, self.turned_away = engine, [], None, ""
        self.talked = False
        self._said = asyncio.Queue()
        self._task = asyncio.create_task(self._run())

    def answer(self):
        """The operator picks up."""
        self._said.put_nowait("answer")

    def fails(self, outcome=OfferOutcome.NO_ANSWER):
        """The operator does not."""
        self._said.put_nowait(outcome)

    def end(self):
        """The conversation is over."""
        self._said.put_nowait("end")

    async def hang_up(self):
        """The caller is gone."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @property
    def over(self):
        """Whether it has come to its end."""
        return self._task.done()

    async def _run(self):
        try:
            async with self.engine.member.enqueue(self.contact) as waiting:
                while True:
                    offer = self.offer = await waiting.offer()
                    self.rings.append(offer.operator)
                    self.engine.phones.takes(offer.operator, self.contact.id)
                    try:
                        if await self._rung(waiting, offer):
                            return
                    finally:
                        self.engine.phones.frees(offer.operator, self.contact.id)
        except QueueClosed as why:
            self.turned_away = str(why)

    async def _rung(self, waiting, offer):
        said = await self._said.get()
        self.offer = None
        if said != "answer":
            waiting.failed(offer, said)
            return False
        waiting.accepted(offer)
        self.talked = True
        await self._said.get()
        waiting.finished(offer)
        return True


class PaperEngine:
    """A member of a fleet with its operators, each ready, and its calls."""

    def __init__(self, link, operators=(), phones=None):
        self.now, self.phones = steady(), phones or Phones()
        tokens = itertools.count()
        self.kept = []
        self.fleet = Fleet(
            link,
            lambda: Router(tokens=lambda: f"{link.engine}-{next(tokens)}"),
            self.now,
            on_operator=self.kept.append,
        )
        self.member = self.fleet.member
        self.operators = operators
        self.calls = []

    def call(self, id, waited=0.0, queue="help"):
        """A caller comes."""
        self.calls.append(PaperCall(self, id, waited, queue))
        return self.calls[-1]

    def state(self, operator):
        """How this engine sees the operator."""
        return next((str(v.state) for v in self.member.operators() if v.id == operator), None)

    def reason(self, operator):
        """Why they are not ready, or will not be after the present call."""
        return next((v.reason or v.pause for v in self.member.operators() if v.id == operator), None)

    @asynccontextmanager
    async def running(self):
        """With its queue and operators."""
        self.member.set_queues([QUEUE])
        for operator in EVERYBODY:
            self.member.join(Operator(operator), reason="new")
        for operator in self.operators:
            self.member.ready(operator)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.fleet.running())
            yield self
            for call in self.calls:
                await call.hang_up()
