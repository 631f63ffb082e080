"""The API over a real server and a real database; only Asterisk's phones and the configuration are stood in for."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from ivr.calllog.events import (
    Answered,
    AnyEvent,
    End,
    Ended,
    Entry,
    Identified,
    NodeEntered,
    Queued,
    SectionChosen,
    Started,
    TalkEnded,
)
from ivr.calllog.state import CallState
from ivr.desk.app import Services, create_app
from ivr.desk.changes import Changes
from ivr.desk.dialplans import Reloaded
from ivr.desk.health import Check, Verdict
from ivr.desk.metrics import Figures, Present
from ivr.desk.names import Names, names_of
from ivr.desk.preview import Preview
from ivr.desk.server import serving
from ivr.emergencies import Emergencies
from ivr.flow.problem import Problem
from ivr.flow.sections import Sections
from ivr.flow.service import load
from ivr.golive.standing import Foreseen
from ivr.golive.versions import Change, UnknownVersion
from ivr.operators import OperatorDirectory
from ivr.settings import PROJECT
from ivr.tickets.answers import Answers
from ivr.tickets.audit import Audit
from ivr.tickets.database import Database
from ivr.tickets.numbers import with_check_digit
from ivr.tickets.operators import OperatorRecord, Operators
from ivr.tickets.record import Recorder
from ivr.tickets.sessions import Sessions
from ivr.tickets.tickets import Tickets
from ivr.tickets.tokens import ROLES, Tokens
from ivr.tickets.users import Users
from ivr.tickets.vault import Key, Vault
from routing.dispatcher import Dispatcher
from routing.model import Queue
from routing.router import Router

CALLER = "+79161234567"
SNILS = "11223344595"
VAULT = Vault([Key(b"k" * 32)])
SERVICE = load(PROJECT)
SECTIONS = SERVICE.sections


class Phones:
    """Asterisk, as far as operators' phones go."""

    def __init__(self) -> None:
        self.known: list[str] = []
        self.browsers: dict[str, str | None] = {}
        self.fails: Exception | None = None
        self.at_asterisk: frozenset[str] | None = frozenset()

    async def publish(self, operators: Sequence[OperatorRecord]) -> None:
        if self.fails is not None:
            raise self.fails
        self.known = [each.id for each in operators]

    def use_browser(self, operator: str, ha1: str | None) -> None:
        self.browsers[operator] = ha1

    async def registered(self) -> frozenset[str] | None:
        return self.at_asterisk


@dataclass
class Kept:
    """What was live before."""

    kept: list[Change] = field(default_factory=lambda: [Change("v2", 1.0, "the start")])

    def changes(self) -> list[Change]:
        return self.kept


@dataclass
class Engine:
    """What the engine gives the API besides the database."""

    live: list[CallState] = field(default_factory=list)
    wrong: tuple[Problem, ...] = ()
    unspoken: str = ""
    spool_words: Verdict = field(default_factory=lambda: Verdict(True, "events are written"))
    versions: Kept = field(default_factory=Kept)
    foreseen: list[Foreseen] = field(default_factory=list)
    version = "v2"
    healthy = True
    lost = 0
    backlog_bytes = 0

    def calls(self) -> list[CallState]:
        return self.live

    async def roll_back(self, wanted: str, who: str, why: str = "") -> Reloaded:
        if wanted != "abc":
            raise UnknownVersion(wanted)
        self.versions.kept.append(Change("abcdef", 2.0, who, why))
        return Reloaded(True, "abcdef")

    async def reload(self, who: str, why: str = "") -> Reloaded:
        accepted = not self.unspoken and not any(each.severity == "error" for each in self.wrong)
        return Reloaded(accepted, "v2", self.wrong, self.unspoken)

    def open_queues(self) -> set[str]:
        return {"technical"}

    def announceable(self) -> set[str]:
        return {"fire", "flood"}

    def wrap_up_codes(self) -> dict[str, dict[str, str]]:
        return {"resolved": {"ru": "Вопрос решён", "en": "Resolved"}, "referred": {"ru": "Передано", "en": "Referred"}}

    def wrap_up_offers(self) -> dict[str, list[str]]:
        return {"technical": ["resolved", "referred"], "payments": ["resolved"]}

    def sections(self) -> Sections:
        return SECTIONS

    def names(self) -> Mapping[str, Names]:
        return names_of(SERVICE)

    async def preview(self) -> Preview:
        return Preview("v3", (), self.foreseen)

    async def spool(self) -> Verdict:
        return self.spool_words


@dataclass
class Rig:
    """One hotline's API, and everything behind it."""

    url: str
    client: aiohttp.ClientSession
    tokens: dict[str, str]
    database: Database
    engine: Engine
    phones: Phones
    dispatcher: Dispatcher
    services: Services

    async def ask(
        self, method: str, path: str, role: str | None = "admin", **kwargs: Any
    ) -> tuple[int, Any, aiohttp.ClientResponse]:
        """Status, JSON (None if there is none) and the response."""
        headers = dict(kwargs.pop("headers", {}))
        if role is not None:
            headers.setdefault("Authorization", f"Bearer {self.tokens[role]}")
        async with self.client.request(method, self.url + path, headers=headers, **kwargs) as response:
            raw = await response.read()
            answer = await response.json(content_type=None) if raw and "json" in response.content_type else None
            return response.status, answer, response

    async def get(self, path: str, role: str | None = "admin", **kwargs: Any) -> Any:
        status, answer, _ = await self.ask("GET", path, role, **kwargs)
        assert status == 200, answer
        return answer

    async def record(self, *calls: list[AnyEvent]) -> None:
        """Calls that are over, as the spool brings them to the database."""
        for number, call in enumerate(calls):
            started = call[0]
            assert isinstance(started, Started)
            entries = [Entry(f"call-{started.ticket}-{number}", seq, event) for seq, event in enumerate(call, 1)]
            await Recorder(self.database).record(entries)


_bases = count(1_000_000)


def call(at: float = 1_790_000_000.0, caller: str = CALLER, section: str = "technical") -> list[AnyEvent]:
    """A call that an operator answered."""
    started = Started(
        at=at,
        ticket=with_check_digit(next(_bases)),
        called="+78005553535",
        caller=caller,
        line="moscow",
        region="moscow",
        language="ru",
        flow="main",
    )
    return [
        started,
        NodeEntered(at=at + 1, flow="main", node="welcome"),
        SectionChosen(at=at + 2, section=section),
        Identified(at=at + 3, kind="snils", masked="***-***-445 95", sealed="c2VhbGVk", digest="ZGlnZXN0"),
        Queued(at=at + 4, queue="technical", needs={"technical": 2}, since=at + 4),
        Answered(at=at + 10, operator="anna"),
        TalkEnded(at=at + 40, operator="anna", seconds=30.0),
        Ended(at=at + 40, end=End.ANSWERED),
    ]


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What the log would hold."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A database of this version's shape, made once for all these tests, and a token for each role."""
    path = tmp_path_factory.mktemp("migrated") / "kommutator.db"

    async def migrate() -> dict[str, str]:
        opened = Database(f"sqlite+aiosqlite:///{path}")
        await opened.migrate()
        secrets = {role: await Tokens(opened).create(role, f"the {role}") for role in ROLES}
        await opened.close()
        return secrets

    return path, asyncio.run(migrate())


@pytest.fixture
async def database(migrated: tuple[Path, dict[str, str]], tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{shutil.copy(migrated[0], tmp_path)}")
    yield opened
    await opened.close()


@pytest.fixture
def phones() -> Phones:
    return Phones()


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def dispatcher() -> Dispatcher:
    numbers = count(1)
    return Dispatcher(Router([Queue("technical")], tokens=lambda: str(next(numbers))))


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def figures(registry: CollectorRegistry) -> Figures:
    return Figures(registry)


@dataclass
class BrowserPhones:
    """The way to Asterisk's WebSocket."""

    ws_port: int = 9
    realm: str = "kommutator"
    caller: str = "kommutator-caller"
    password: str = "secret"

    def caller_password(self) -> str:
        return self.password


@pytest.fixture
async def changes(dispatcher: Dispatcher, engine: Engine) -> Changes:
    made = Changes(dispatcher, engine, time.monotonic)
    dispatcher._on_operator = made.operator
    return made


@pytest.fixture
def services(
    changes: Changes,
    database: Database,
    phones: Phones,
    engine: Engine,
    dispatcher: Dispatcher,
    registry: CollectorRegistry,
    figures: Figures,
    tmp_path: Path,
) -> Services:
    registry.register(Present(figures, dispatcher, engine, lambda: True))
    return Services(
        tokens=Tokens(database),
        users=Users(database),
        sessions=Sessions(database),
        audit=Audit(database),
        tickets=Tickets(database),
        vault=VAULT,
        answers=Answers(database),
        operators=OperatorDirectory(Operators(database), dispatcher, phones),
        queues=dispatcher,
        roster=dispatcher,
        live=engine,
        configuration=engine,
        emergencies=Emergencies(tmp_path, time.time),
        changes=changes,
        phones=BrowserPhones(),
        pages=None,
        checks=(Check("spool", engine.spool),),
        registry=registry,
    )


@pytest.fixture
def app(services: Services) -> web.Application:
    return create_app(services)


@pytest.fixture
async def rig(
    app: web.Application,
    services: Services,
    database: Database,
    phones: Phones,
    engine: Engine,
    dispatcher: Dispatcher,
    migrated: tuple[Path, dict[str, str]],
) -> AsyncIterator[Rig]:
    async with (
        dispatcher.running(),
        serving(app, "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as client,
    ):
        url = f"http://127.0.0.1:{port}"
        yield Rig(url, client, dict(migrated[1]), database, engine, phones, dispatcher, services)
