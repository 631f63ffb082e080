"""The owner's systems, over a real socket: signed, limited, never followed elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from ivr.around import SystemFailed
from ivr.flow.outside import System
from ivr.systems import SIGNATURE, HttpSystems, signature

NOW = 1_795_000_000.0
SECRET = "only the two of us know"


class Crm:
    """A system of the owner's, which answers as a test wants."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.answer = web.json_response({"tier": "gold", "open": 3, "vip": True, "long": "x" * 65, "list": [1]})
        self.hangs = False

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append((str(request.url.relative()), request.headers[SIGNATURE], await request.read()))
        if self.hangs:
            await asyncio.Event().wait()
        return self.answer


@pytest.fixture
def crm() -> Crm:
    return Crm()


@pytest.fixture
async def system(crm: Crm) -> AsyncIterator[System]:
    app = web.Application()
    app.router.add_post("/ivr", crm.handle)
    async with TestServer(app, host="127.0.0.1") as server:
        yield System("crm", str(server.make_url("/ivr")), "CRM_SECRET", 0.5)


@pytest.fixture
async def systems() -> AsyncIterator[HttpSystems]:
    made = HttpSystems({"CRM_SECRET": SECRET}, lambda: NOW)
    async with made.running():
        yield made


async def test_it_is_asked_signed_and_its_words_are_understood(crm: Crm, system: System, systems: HttpSystems) -> None:
    answer = await systems.ask(system, {"caller": "+79160000000"})
    assert answer == {"tier": "gold", "open": "3", "vip": "yes"}
    ((path, signed, body),) = crm.asked
    assert body == b'{"caller": "+79160000000"}'
    assert path == "/ivr", "nothing of the caller is in the address"
    assert signed == signature(SECRET, int(NOW), body)
    assert signed.startswith("t=1795000000,v1=")
    assert signature("another", int(NOW), body) != signed


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(status=500),
        web.Response(status=204),
        web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}),
        web.Response(body=b"not json"),
        web.Response(body=b"[1]"),
        web.Response(body=b"[" * 60_000),
        web.Response(body=b'{"a": "' + b"x" * 70_000 + b'"}'),
        web.Response(body=b"\xff\xfe"),
    ],
    ids=["500", "204", "redirect", "no-json", "list", "nested", "too-long", "no-text"],
)
async def test_what_cannot_be_used_is_a_failure(
    crm: Crm, system: System, systems: HttpSystems, answer: web.Response
) -> None:
    crm.answer = answer
    with structlog.testing.capture_logs() as logs, pytest.raises(SystemFailed):
        await systems.ask(system, {"caller": "+79160000000"})
    assert len(crm.asked) == 1, "nothing is followed and nothing sent again"
    assert [log["system"] for log in logs] == ["crm"]
    assert "79160000000" not in str(logs)


async def test_words_that_no_event_and_no_page_can_hold_are_left_out(
    crm: Crm, system: System, systems: HttpSystems
) -> None:
    crm.answer = web.json_response(
        {"half": "\ud800", "line": "a\nb", "turned": "\u202egold", "\ud800": 1, "tier": "gold"}
    )
    assert await systems.ask(system, {}) == {"tier": "gold"}


async def test_one_that_hangs_is_given_up_in_time(crm: Crm, system: System, systems: HttpSystems) -> None:
    crm.hangs = True
    with pytest.raises(SystemFailed):
        async with asyncio.timeout(5):
            await systems.ask(system, {})


async def test_one_that_is_away_or_has_no_secret_fails(crm: Crm, system: System, systems: HttpSystems) -> None:
    with pytest.raises(SystemFailed):
        await systems.ask(System("crm", "http://127.0.0.1:1/ivr", "CRM_SECRET", 1), {})
    with pytest.raises(SystemFailed):
        await systems.ask(System("crm", system.url, "NO_SECRET", 1), {})
    assert not crm.asked
