"""One hotline's engine: its parts joined, and the order in which they begin and end."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import structlog
from prometheus_client import CollectorRegistry

from ivr import garbage
from ivr.app.earlier import EarlierCalls
from ivr.app.floor import Floor
from ivr.app.storage import Storage
from ivr.app.working import working
from ivr.asterisk.agi_server import AgiServer
from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.alive import greets
from ivr.asterisk.ami import Ami
from ivr.asterisk.browsers import Phones
from ivr.asterisk.channel import AsteriskChannel
from ivr.asterisk.site import ami_secret
from ivr.asterisk.variables import AMI_USER
from ivr.calllog.events import AnyEvent
from ivr.conditions import Conditions
from ivr.desk.app import Services, create_app
from ivr.desk.changes import Changes, TellingJournal
from ivr.desk.door import opened
from ivr.desk.metrics import CountingJournal, Figures, Present
from ivr.desk.server import serving
from ivr.golive.watching import Watch
from ivr.live import Live
from ivr.pages.build import built
from ivr.reception import Arrival, Reception
from ivr.session import Walks
from ivr.settings import Settings
from ivr.surroundings import Surroundings
from ivr.systems import HttpSystems
from ivr.tickets.answers import Answers
from ivr.tickets.audit import Audit
from ivr.tickets.database import DatabaseAway
from ivr.tickets.escalating import Escalating
from ivr.tickets.keys import load_keys
from ivr.tickets.sessions import Sessions
from ivr.tickets.tokens import Tokens
from ivr.tickets.users import Users
from ivr.tickets.vault import Vault

_log = structlog.get_logger(__name__)


FIRST_LOOK = 2.0
"""Seconds that callers wait for an engine that is new to a running Asterisk, at most: it looks who is talking."""


class Engine:
    """Every part of one hotline's engine, joined. Nothing runs before ``running``."""

    def __init__(self, settings: Settings) -> None:
        """Raises Problems, KeyFault when what is given cannot be used."""
        self.settings, self.now = settings, time.time
        self.registry = CollectorRegistry()
        self.figures = Figures(self.registry)
        self.storage = Storage(settings)
        self.phones = Phones(settings)
        self.ami = Ami("127.0.0.1", settings.ami_port, AMI_USER, ami_secret(settings))
        self.floor = Floor(settings, self.storage.database, self.ami, self.now, self.figures.free_to_ring.observe)
        self.journal = Surroundings(
            TellingJournal(CountingJournal(self.storage.spool, self.figures), self._tell),
            self.storage.tickets.calls_between,
            self.floor.dispatcher.expect,
            self.floor.emergencies,
        )
        self.live = Live(settings, self.floor.standing, self.floor.emergencies.under)
        self.earlier = EarlierCalls(
            settings,
            self.storage,
            self.journal,
            self.ami,
            self.floor.dispatcher,
            now=self.now,
            service=lambda: self.live.now()[0],
            in_progress=lambda: self.reception.in_progress,
        )
        self.vault = Vault(load_keys(settings.state, settings.key, settings.key_file))
        self.escalating = Escalating(self.storage.database, lambda: self.live.sections().escalation, self.now)
        self.storage.tickets.heard = self.escalating.heard
        self.systems = HttpSystems(os.environ, self.now)
        self.conditions = self._conditions()
        self.reception = self._reception()
        self.changes = Changes(self.floor.dispatcher, self.reception, time.monotonic)
        self.floor.shifts.heard = self.changes.operator
        self.agi = AgiServer(self._serve, port=settings.agi_port)
        self.registry.register(
            Present(self.figures, self.floor.dispatcher, self.storage.spool, self.ami.connected.is_set)
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Engine]:
        """Calls are served for as long as this lasts. Raises DatabaseError, OSError, PortTaken."""
        storage, floor, earlier = self.storage, self.floor, self.earlier
        async with AsyncExitStack() as stack:
            stack.push_async_callback(storage.database.close)
            stack.push_async_callback(storage.writer.close)
            await self._begin()
            with suppress(
                OSError
            ):  # a machine that cannot start it now has calls to serve: the first write tries again
                await storage.writer.start()
            for work in (storage.spool, earlier.opening, floor.shifts, floor.rota):
                await stack.enter_async_context(working(work.run(), type(work).__name__))
            for later in (storage.applier, storage.numbers, storage.languages, floor.operators, self.escalating):
                await stack.enter_async_context(working(self._once_open(later.run), type(later).__name__))
            await stack.enter_async_context(self.systems.running())
            stack.callback(earlier.opening.keep)
            await stack.enter_async_context(floor.dispatcher.running())
            await stack.enter_async_context(working(earlier.aftermath.run(), "Aftermath"))
            self.ami.on_connect(floor.operators.asterisk_came_back)
            await stack.enter_async_context(self.ami.running())
            await self._open_door(stack)
            if await greets(self.settings.ami_port):
                await earlier.aftermath.first_look(FIRST_LOOK)
            garbage.settle()
            await stack.enter_async_context(working(Watch(self.settings.config, self.live.reload).run(), "Watch"))
            await stack.enter_async_context(self.agi.running())
            _log.info("ready for calls", held=len(earlier.unfinished))
            yield self

    async def _begin(self) -> None:
        """What the database knows, or what is known without it: calls are served either way."""
        opening, operators = self.earlier.opening, self.floor.operators
        await opening.begin()
        if opening.opened.is_set():
            with suppress(DatabaseAway):  # both are tried again as they run
                await self.storage.numbers.refill()
                await operators.load()
        if not operators.loaded:
            operators.recall(self.floor.records.copied())

    async def _once_open(self, work: Callable[[], Awaitable[None]]) -> None:
        """Nothing is written into a database that may have an older version's shape."""
        await self.earlier.opening.opened.wait()
        await work()

    async def _open_door(self, stack: AsyncExitStack) -> None:
        settings, services = self.settings, self._services()
        port = await stack.enter_async_context(serving(create_app(services), settings.http_bind, settings.http_port))
        stack.enter_context(
            opened(settings.state, settings.http_bind, port, services.engine_token, sip_port=settings.sip_port)
        )

    def _tell(self, call_id: str, event: AnyEvent) -> None:
        self.changes.take(call_id, event)

    def _conditions(self) -> Conditions:
        return Conditions(
            self.ami,
            self.settings.ami_port,
            opening=self.earlier.opening,
            tickets=self.storage.tickets,
            spool=self.storage.spool,
            applier=self.storage.applier,
            live=self.live,
            in_vain=self.floor.standing.in_vain,
            emergencies=self.floor.emergencies,
            fleet=self.floor.fleet,
        )

    def _services(self) -> Services:
        database = self.storage.database
        return Services(
            tokens=Tokens(database),
            users=Users(database),
            sessions=Sessions(database),
            audit=Audit(database),
            tickets=self.storage.tickets,
            vault=self.vault,
            answers=Answers(self.storage.database),
            operators=self.floor.operators,
            queues=self.floor.dispatcher,
            roster=self.floor.dispatcher,
            live=self.reception,
            configuration=self.live,
            emergencies=self.floor.emergencies,
            changes=self.changes,
            phones=self.phones,
            pages=built(),
            checks=self.conditions.checks(),
            registry=self.registry,
        )

    def _reception(self) -> Reception:
        settings = self.settings
        return Reception(
            service=self.live.now,
            take_number=self.storage.numbers.take,
            journal=self.journal,
            requests=self.storage.tickets,
            vault=self.vault,
            languages=self.storage.languages,
            unfinished=self.earlier.unfinished,
            now=self.now,
            messages=settings.recordings,
            walk=Walks().run,
            taken_up=self.earlier.aftermath.ended,
            around=self.journal,
            systems=self.systems,
        )

    async def _serve(self, session: AgiSession) -> None:
        reaction = self.figures.key_to_prompt.observe
        channel = AsteriskChannel(
            session, self.ami, self.floor.queueing.wait, key_to_prompt=reaction, carrier=self.settings.carrier
        )
        if not channel.uniqueid:
            _log.warning("a peer at the FastAGI port that is no call of Asterisk's", peer=session.peer)
            return
        arrival = Arrival(channel.uniqueid, channel.called, channel.caller, channel.joined)
        over = await self.reception.receive(arrival, channel)
        await (channel.finish() if over else channel.let_go())
