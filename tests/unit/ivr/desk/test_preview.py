"""What the folder would do to those who wait, over the API."""

import asyncio
import json
from urllib.parse import urlsplit

from typer.testing import CliRunner

from ivr.calllog.state import CallState
from ivr.channel import QueueRequest
from ivr.cli import app, diff
from ivr.desk import door
from ivr.golive.content import read_content
from ivr.golive.fate import Fate, Outcome
from ivr.golive.standing import Foreseen
from ivr.golive.versions import Versions
from tests.unit.small import written

assert diff  # a command joins by being imported


async def test_each_waiting_call_and_its_fate_for_those_who_lead(rig):
    state = CallState("1", ticket=10000005, flow="main", node="to-technical", caller="+79161234567", queued_since=60.0)
    request = QueueRequest("general", {"language.ru": 1})
    rig.engine.foreseen = [Foreseen(state, "technical", Fate(Outcome.MOVED, request))]
    seen = await rig.get("/api/v1/dialplans/preview", "supervisor")
    assert (seen["version"], seen["total"], seen["problems"]) == ("v3", 1, [])
    (call,) = seen["waiting"]
    assert (call["ticket"], call["fate"], call["queue"], call["to"]) == (10000005, "moved", "technical", "general")
    assert (call["waiting_since"], call["needs"]) == ("1970-01-01T00:01:00Z", {"language.ru": 1})
    assert "+7916" not in str(seen)
    assert (await rig.ask("GET", "/api/v1/dialplans/preview", "operator"))[0] == 403


async def test_the_command_tells_each_call_that_the_running_hotline_holds(rig, tmp_path, monkeypatch):
    config = written(tmp_path / "config", "docs: {queue: documents, then: bye, otherwise: operator}")
    Versions(tmp_path, lambda: 1.0).went_live("0a", read_content(config), "anna", "")
    monkeypatch.setenv("IVR_STATE", str(tmp_path))
    monkeypatch.setenv("IVR_CONFIG", str(config))
    leaves = Fate(Outcome.LEAVES, QueueRequest("documents", {}), "main.operator")
    calls = [CallState(str(n), ticket=10000005 + n, flow="main", node="docs", queued_since=60.0) for n in range(41)]
    rig.engine.foreseen = [Foreseen(call, "documents", leaves) for call in calls]

    def ivr(*words):
        return CliRunner().invoke(app, ["diff", *words]).output

    with door.opened(tmp_path, "127.0.0.1", urlsplit(rig.url).port, rig.services.engine_token, sip_port=45060):
        said = await asyncio.to_thread(ivr, "--language", "ru")
        whole = json.loads(await asyncio.to_thread(ivr, "--format", "json"))
    assert "Обращение 10000005 ждёт в documents" in said and "идёт дальше в main.operator" in said
    assert "10000045" not in said and "ещё 1 ждущих" in said, "forty are enough for a terminal"
    assert [call["ticket"] for call in whole] == [call.ticket for call in calls]
