"""The composition root: the only place where adapters are built and joined."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from ivr import garbage
from ivr.asterisk.aftermath import Aftermath
from ivr.asterisk.agi_server import AgiServer
from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.alive import greets
from ivr.asterisk.ami import Ami
from ivr.asterisk.channel import AsteriskChannel
from ivr.asterisk.departures import Departure
from ivr.asterisk.phones import AsteriskPhones
from ivr.asterisk.site import ami_secret, departures, fallback
from ivr.asterisk.variables import AMI_USER
from ivr.calllog.applier import Applier
from ivr.calllog.carried import Carried
from ivr.calllog.spool import Spool
from ivr.conditions import Conditions
from ivr.copied_operators import CopiedOperators
from ivr.desk.app import Services, create_app
from ivr.desk.door import opened
from ivr.desk.metrics import CountingJournal, Figures, Present
from ivr.desk.server import serving
from ivr.flow.service import Service
from ivr.golive.standing import Standing
from ivr.golive.watching import Watch
from ivr.live import Live
from ivr.opening import Opening
from ivr.operators import OperatorDirectory
from ivr.queueing import Queueing
from ivr.reception import Arrival, Reception
from ivr.recordings import Recordings
from ivr.recovery import Unfinished
from ivr.rota import Rota
from ivr.session import walk
from ivr.settings import Settings
from ivr.shifts import Shifts
from ivr.surroundings import Surroundings
from ivr.systems import HttpSystems
from ivr.tickets.database import Database, DatabaseAway
from ivr.tickets.keys import load_keys
from ivr.tickets.languages import LanguageMemory
from ivr.tickets.numbers import Numbers
from ivr.tickets.operators import Operators
from ivr.tickets.tickets import Tickets
from ivr.tickets.tokens import Tokens
from ivr.tickets.vault import Vault
from ivr.unseen import UnseenCall, record
from routing.clock import steady
from routing.dispatcher import Dispatcher
from routing.router import Router

_log = structlog.get_logger(__name__)


FIRST_LOOK = 2.0
"""Seconds that callers wait for an engine that is new to a running Asterisk, at most: it looks who is talking."""


class Engine:
    """Every part of one hotline's engine, joined. Nothing runs before ``running``."""

    def __init__(self, settings: Settings) -> None:
        """Raises Problems, KeyFault when what is given cannot be used."""
        self.settings = settings
        self.now, self.steady = time.time, steady()  # what is told and written; what waits
        self.registry = CollectorRegistry()
        self.figures = Figures(self.registry)
        self.database = Database(settings.database_url)
        self.spool = Spool(settings.state / "spool")
        self.applier = Applier(self.spool, self.database)
        self.numbers = Numbers(self.database)
        self.tickets, self.languages = Tickets(self.database), LanguageMemory(self.database)
        self.surroundings = Surroundings(CountingJournal(self.spool, self.figures), self.tickets.calls_between)
        self.journal = self.surroundings
        self.records = CopiedOperators(Operators(self.database), settings.state)
        self.shifts = Shifts(self.records)
        self.dispatcher = Dispatcher(
            Router(tokens=lambda: secrets.token_hex(8)), self.steady, on_operator=self.shifts.remember
        )
        self.ami = Ami("127.0.0.1", settings.ami_port, AMI_USER, ami_secret(settings))
        self.operators = OperatorDirectory(self.records, self.dispatcher, AsteriskPhones(settings, self.ami))
        self.rota = Rota(self.now, self.operators.shift_over)
        self.standing = Standing(self.dispatcher, demand=self.operators.demand, before=self._followed)
        self.live = Live(settings, self.standing)
        self.unfinished = Unfinished(self.journal, self.now)
        self.opening = Opening(
            self.database,
            self.spool.folder,
            Carried(settings.state),
            self.unfinished,
            in_progress=lambda: self.reception.in_progress,
            now=self.now,
        )
        self.spool.before_drop = self.opening.keep
        self.aftermath = Aftermath(
            self.ami,
            departures(settings),
            self.unfinished,
            self.dispatcher,
            in_progress=lambda: self.reception.in_progress,
            known=self._known,
            unseen=self._unseen,
            message=self._message,
        )
        self.systems = HttpSystems(os.environ, self.now)
        self.conditions = Conditions(
            self.ami,
            settings.ami_port,
            opening=self.opening,
            tickets=self.tickets,
            spool=self.spool,
            applier=self.applier,
            live=self.live,
        )
        self.reception = self._reception()
        self.queueing = Queueing(
            self.dispatcher,
            Recordings(settings.recordings),
            now=self.now,
            steady=self.steady,
            free_to_ring=self.figures.free_to_ring.observe,
            standing=self.standing,
        )
        self.agi = AgiServer(self._serve, port=settings.agi_port)
        self.registry.register(Present(self.figures, self.dispatcher, self.spool, self.ami.connected.is_set))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Engine]:
        """Calls are served for as long as this lasts. Raises DatabaseError, OSError, PortTaken."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.database.close)
            await self._begin()
            for work in (self.spool, self.opening, self.shifts, self.rota):
                await stack.enter_async_context(_working(work.run(), type(work).__name__))
            for later in (self.applier, self.numbers, self.languages, self.operators):
                await stack.enter_async_context(_working(self._once_open(later.run), type(later).__name__))
            await stack.enter_async_context(self.systems.running())
            stack.callback(self.opening.keep)
            await stack.enter_async_context(self.dispatcher.running())
            await stack.enter_async_context(_working(self.aftermath.run(), "Aftermath"))
            self.ami.on_connect(self.operators.asterisk_came_back)
            await stack.enter_async_context(self.ami.running())
            await self._open_door(stack)
            if await greets(self.settings.ami_port):
                await self.aftermath.first_look(FIRST_LOOK)
            garbage.settle()
            await stack.enter_async_context(_working(Watch(self.settings.config, self.live.reload).run(), "Watch"))
            await stack.enter_async_context(self.agi.running())
            _log.info("ready for calls", held=len(self.unfinished))
            yield self

    async def _begin(self) -> None:
        """What the database knows, or what is known without it: calls are served either way."""
        await self.opening.begin()
        if self.opening.opened.is_set():
            with suppress(DatabaseAway):  # both are tried again as they run
                await self.numbers.refill()
                await self.operators.load()
        if not self.operators.loaded:
            self.operators.recall(self.records.copied())

    async def _once_open(self, work: Callable[[], Awaitable[None]]) -> None:
        """Nothing is written into a database that may have an older version's shape."""
        await self.opening.opened.wait()
        await work()

    async def _open_door(self, stack: AsyncExitStack) -> None:
        settings, services = self.settings, self._services()
        port = await stack.enter_async_context(serving(create_app(services), settings.http_bind, settings.http_port))
        stack.enter_context(
            opened(settings.state, settings.http_bind, port, services.engine_token, sip_port=settings.sip_port)
        )

    def _services(self) -> Services:
        return Services(
            tokens=Tokens(self.database),
            tickets=self.tickets,
            operators=self.operators,
            queues=self.dispatcher,
            live=self.reception,
            configuration=self.live,
            checks=self.conditions.checks(),
            registry=self.registry,
        )

    def _followed(self, service: Service) -> None:
        """Operators and their shifts are those of this service from now on."""
        self.operators.follow(service.roster or {}, service.queues)
        self.rota.follow(service.roster or {})

    def _reception(self) -> Reception:
        settings = self.settings
        return Reception(
            service=self.live.now,
            take_number=self.numbers.take,
            journal=self.journal,
            requests=self.tickets,
            vault=Vault(load_keys(settings.state, settings.key, settings.key_file)),
            languages=self.languages,
            unfinished=self.unfinished,
            now=self.now,
            messages=settings.recordings,
            walk=walk,
            taken_up=self.aftermath.ended,
            around=self.surroundings,
            systems=self.systems,
        )

    async def _serve(self, session: AgiSession) -> None:
        reaction = self.figures.key_to_prompt.observe
        channel = AsteriskChannel(
            session, self.ami, self.queueing.wait, key_to_prompt=reaction, carrier=self.settings.carrier
        )
        if not channel.uniqueid:
            _log.warning("a peer at the FastAGI port that is no call of Asterisk's", peer=session.peer)
            return
        arrival = Arrival(channel.uniqueid, channel.called, channel.caller, channel.joined)
        over = await self.reception.receive(arrival, channel)
        await (channel.finish() if over else channel.let_go())

    async def _known(self, call_id: str) -> bool:
        if not self.opening.opened.is_set():
            raise DatabaseAway(self.opening.problem)
        await self.applier.drain()
        return await self.tickets.known(call_id)

    def _message(self, call_id: str) -> str:
        message = fallback(self.settings) / f"{call_id}.wav"
        return message.relative_to(self.settings.recordings).as_posix() if message.exists() else ""

    def _unseen(self, departure: Departure) -> None:
        call = UnseenCall(
            call_id=departure.call_id,
            started=departure.started,
            ended=departure.ended,
            dialled=departure.dialled,
            caller=departure.caller,
            operator=departure.operator,
            talk_seconds=departure.talk_seconds,
            static=departure.static,
            message=self._message(departure.call_id),
        )
        record(call, self.live.now()[0], self.numbers.take, self.journal)


@asynccontextmanager
async def _working(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[None]:
    """``work`` goes on for as long as this lasts; should it fail, so does the engine, which its supervisor restarts."""
    failure: Exception | None = None
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(work, name=name)
        try:
            yield
        except Exception as error:  # the group would wrap it; whoever raised it expects it bare
            failure = error
        finally:
            task.cancel()
    if failure is not None:
        raise failure
