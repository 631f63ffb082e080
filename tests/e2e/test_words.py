"""The language's words on a real Asterisk: a caller is identified, asked about, rates, and asks to be called back."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ivr.speech import Groups, Number, Prompt
from ivr.systems import SIGNATURE, signature
from tests.e2e import processes
from tests.e2e.caller import Caller
from tests.e2e.conftest import NewCaller
from tests.e2e.hotline import Hotline, configured
from tests.unit.small import written

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

SECRET = "between the two of us"
MAIN = """
who: {collect: any-id, then: ask, failed: operator}
ask: {http: crm, send: [region], keep: {tier: tier}, then: tier, failed: operator}
tier: {branch: attribute, attribute: tier, when: {gold: opinion}, otherwise: operator}
opinion: {sub-flow: opinion, with: {topic: tax}, returned: {rated: later}, then: operator}
later: {callback: general, windows: [09:00-12:00], then: bye, declined: operator}
"""
OPINION = """
topic: {branch: attribute, attribute: topic, when: {tax: rate}, otherwise: operator}
rate: {survey: rate-call, then: done}
done: {return: rated}
"""


class Crm(BaseHTTPRequestHandler):
    """A system of the owner's, which checks who asks."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = self.headers[SIGNATURE]
        at = int(signed.partition(",")[0].removeprefix("t="))
        right = signed == signature(SECRET, at, body) and json.loads(body) == {"region": "moscow"}
        self.send_response(200 if right else 403)
        self.end_headers()
        self.wfile.write(b'{"tier": "gold"}')

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotline]:
    server = HTTPServer(("127.0.0.1", 0), Crm)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    outside = f"systems: {{crm: {{url: http://127.0.0.1:{server.server_port}/ivr, secret: CRM_SECRET}}}}"
    folder: Path = tmp_path_factory.mktemp("words")
    config = written(folder / "config", MAIN, others={"opinion": OPINION}, files=outside)
    try:
        with configured(config, CRM_SECRET=SECRET) as running:
            yield running
    finally:
        server.shutdown()
        server.server_close()


async def to_the_survey(caller: Caller) -> None:
    """Ten digits that are an INN and may be a passport are keyed; the caller says that they are an INN."""
    await caller.dial()
    await caller.hears("any-id-ask")
    await caller.press("7707083893#")
    await caller.hears("any-id-which", first=0.7, kind=Prompt("inn-name"), key=Number(1))
    await caller.press("1")
    await caller.hears("inn-confirm", first=0.7, digits=Groups(("77", "07", "083", "893")))
    await caller.press("1")
    await caller.hears("rate-call")


async def to_the_promise(caller: Caller) -> None:
    """A rating of four; a call back to the caller's own number, as soon as possible."""
    await caller.press("4")
    await caller.hears("rating-kept", first=0.7)
    await caller.hears("callback-number", first=0.7, digits=Groups(("8", "916")))
    await caller.press("1")
    await caller.hears("callback-soon", first=0.7, key=Number(1))
    await caller.press("1")
    await caller.hears("callback-kept")
    await caller.phone.wait("disconnected")


async def is_kept(caller: Caller) -> None:
    ticket = await caller.ticket()
    assert [given["kind"] for given in ticket["identification"]] == ["inn"]
    assert (ticket["rating"], ticket["end"]) == (4, "callback")
    callback = ticket["callback"]
    assert (callback["queue"], callback["status"], callback["masked"][-3:]) == (
        "general",
        "waiting",
        caller.number[-3:],
    )
    assert ticket["path"][-3:] == ["opinion.done", "main.later", "main.bye"]


async def test_a_caller_is_known_rates_and_will_be_called_back(new_caller: NewCaller) -> None:
    caller = await new_caller()
    await to_the_survey(caller)
    await to_the_promise(caller)
    await is_kept(caller)


async def test_an_engine_killed_in_the_middle_of_a_sub_flow_goes_on_there(line: Hotline, new_caller: NewCaller) -> None:
    caller = await new_caller()
    await to_the_survey(caller)
    await asyncio.to_thread(processes.kill, line.engine_pid())
    await caller.hears("rate-call", within=15)
    await to_the_promise(caller)
    await is_kept(caller)
