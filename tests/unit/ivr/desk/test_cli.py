"""``ivr operator``, ``ivr status``, ``ivr reload``: with the hotline running, and without."""

import asyncio
import json
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from ivr import cli
from ivr.cli import operator, reload, rollback, status
from ivr.desk import door
from ivr.desk.health import Verdict
from ivr.flow.problem import Problem
from tests.unit.small import written

WORDS = "operator add anna --name Анна --skill technical=3 --language ru --language tt --password-stdin"
ADD = WORDS.split(), "correct horse\n"


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    assert operator and reload and rollback and status
    monkeypatch.setenv("IVR_STATE", str(tmp_path))
    monkeypatch.setenv("IVR_SIP_PORT", "5999")


def ivr(*words, typed=None):
    """What is printed, and what is refused."""
    result = CliRunner().invoke(cli.app, [*words], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit | cli.Refusal):
        raise result.exception
    return result.output, str(result.exception or "")


@pytest.fixture
async def running(rig, tmp_path):
    with door.opened(tmp_path, "127.0.0.1", urlsplit(rig.url).port, rig.services.engine_token, sip_port=45060):
        yield lambda *words, **typed: asyncio.to_thread(ivr, *words, **typed)


async def test_an_operator_of_a_running_hotline(running, rig):
    said, refused = await running(*ADD[0], typed=ADD[1])
    assert not refused
    for needed in ("127.0.0.1", "45060", "UDP", "anna", "ivr operator ready anna"):
        assert needed in said
    assert "correct horse" not in said
    assert rig.phones.known == ["anna"]
    said, _ = await running("operator", "ready", "anna")
    assert "not registered" in said
    rig.phones.at_asterisk = frozenset({"anna"})
    (anna,) = json.loads((await running("operator", "list", "--format", "json"))[0])
    assert (anna["state"], anna["phone_registered"]) == ("ready", True)
    assert anna["skills"] == {"technical": 3, "language.ru": 5, "language.tt": 5}
    await running("operator", "not-ready", "anna", "--reason", "обед")
    table, _ = await running("operator", "list")
    assert "обед" in table and "registered" in table
    await running("operator", "remove", "anna")
    assert rig.phones.known == []


async def test_a_running_hotline_takes_no_skill_that_nobody_declared(running, rig):
    rig.services.operators.follow({}, (), {"technical": {}})
    words = [word.replace("technical", "tehnical") for word in ADD[0]]
    _, refused = await running(*words, typed=ADD[1])
    assert refused == "there is no skill 'tehnical' in skills.yaml; did you mean 'technical'?"
    assert json.loads((await running("operator", "list", "--format", "json"))[0]) == []


def test_a_language_that_no_line_speaks_is_told():
    words = [word.replace("tt", "eng") for word in ADD[0]]
    said, refused = ivr(*words, typed=ADD[1])
    assert not refused
    assert "Warning: no line speaks 'eng': did you mean 'en'?" in said


async def test_what_a_running_hotline_refuses_is_told_in_the_words_of_commands(running):
    await running(*ADD[0], typed=ADD[1])
    _, refused = await running(*ADD[0], typed=ADD[1])
    assert "operator already" in refused and "`ivr operator remove`" in refused
    _, refused = await running("operator", "add", "Anna", "--name", "A", "--password-stdin", typed=ADD[1])
    assert refused.startswith("operator id 'Anna': use lower-case letters")
    _, refused = await running("operator", "ready", "nobody")
    assert "`ivr operator list`" in refused
    _, refused = await running("operator", "ready", "../queues")
    assert refused and "/api/" not in refused


async def test_status_and_reload(running, rig):
    said, _ = await running("status")
    assert "spool: events are written" in said and "ready: calls are served" in said
    rig.engine.spool_words = Verdict(ok=False, words="the disk is full")
    said, failed = await running("status", "--format", "json")
    assert (json.loads(said)["ready"], failed) == (False, "1")
    assert await running("reload") == ("the configuration is live (version v2)\n", "")
    rig.engine.wrong = (Problem("dialplans/main.yaml", 3, 5, "mneu", "unknown key", "did you mean 'menu'?"),)
    _, refused = await running("reload")
    assert refused == "dialplans/main.yaml:3:5: unknown key: mneu; did you mean 'menu'?"
    rig.engine.wrong = (Problem("dialplans/main.yaml", 3, 5, "", "a key is missing", "add 'then'"),)
    assert (await running("reload"))[1] == "dialplans/main.yaml:3:5: a key is missing; add 'then'"
    rig.engine.wrong, rig.engine.unspoken = (), "no voice speaks tt"
    assert (await running("reload"))[1] == "configuration: no voice speaks tt"


async def test_an_earlier_version_goes_live_again_with_its_reason(running, rig):
    assert await running("rollback", "abc", "--why", "меню молчит") == (
        "the configuration is live (version abcdef)\n",
        "",
    )
    kept = (await rig.get("/api/v1/dialplans/versions"))["changes"]
    assert [(change["version"], change["why"]) for change in kept] == [("abcdef", "меню молчит"), ("v2", "")]
    assert (await running("rollback", "fff"))[1].startswith("No kept version fff")


def test_without_a_hotline_rows_are_written_for_its_next_start():
    said, refused = ivr(*ADD[0], typed=ADD[1])
    assert not refused and "5999" in said
    ivr("operator", "ready", "anna")
    said = CliRunner().invoke(cli.app, ["operator", "list", "--format", "json"]).stdout
    (anna,) = json.loads(said)
    assert (anna["id"], anna["state"], anna["phone_registered"]) == ("anna", "ready", None)
    assert ivr(*ADD[0], typed=ADD[1])[1].startswith("there is an operator 'anna' already")
    ivr("operator", "remove", "anna")
    assert ivr("operator", "remove", "anna")[1] == "there is no operator 'anna'"
    assert ivr("operator", "ready", "anna")[1] == "there is no operator 'anna'"


@pytest.mark.parametrize("words", [("status",), ("reload",)])
def test_what_needs_a_running_hotline_says_so(words):
    assert "the hotline is not running: start it with make run" in ivr(*words)[1]


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (["--password-stdin"], "short\n", "the password needs 8 to 128 characters"),
        (["--password-stdin"], "пароль без конца\n", "the password needs 8 to 128 characters"),
        (["--password-stdin"], "x" * 4000, "the password needs 8 to 128 characters"),
        ([], "correct horse\n", "give --password-stdin"),
        (["--password-stdin", "--skill", "technical"], "correct horse\n", "give NAME=LEVEL"),
        (["--password-stdin", "--skill", "technical=9"], "correct horse\n", "levels go from 1"),
        (["--password-stdin", "--skill", "Tech=1"], "correct horse\n", "use lower-case letters"),
        (["--password-stdin", "--skill", "paiments=1"], "correct horse\n", "did you mean 'payments'?"),
    ],
)
def test_what_cannot_be_added(words, typed, told, tmp_path):
    assert told in ivr("operator", "add", "anna", "--name", "A", *words, typed=typed)[1]
    assert not (tmp_path / "kommutator.db").exists()


async def test_without_a_running_hotline_the_roster_is_heeded_as_well(tmp_path, monkeypatch):
    config = written(tmp_path / "config", "to: {queue: general}")
    (config / "operators.yaml").write_text("operators: {anna: {skills: {technical: 2}, languages: [ru]}}")
    monkeypatch.setenv("IVR_CONFIG", str(config))
    _, refused = await asyncio.to_thread(ivr, *ADD[0], typed=ADD[1])
    assert "operators.yaml says what they know" in refused
    words = "operator add anna --name Анна --password-stdin"
    said, refused = await asyncio.to_thread(ivr, *words.split(), typed=ADD[1])
    assert (refused, "Operator anna is added" in said) == ("", True)
    (anna,) = json.loads((await asyncio.to_thread(ivr, "operator", "list", "--format", "json"))[0].partition("\n")[2])
    assert (anna["skills"], anna["rostered"]) == ({"technical": 2, "language.ru": 5}, True)
