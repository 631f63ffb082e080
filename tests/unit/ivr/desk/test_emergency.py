"""A supervisor closes a queue, or sends it elsewhere, through the API and from the command line."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from ivr.cli import Refusal, emergency
from ivr.cli.until import until
from ivr.desk import door
from routing.model import Queue

from .test_cli import ivr

PATH = "/api/v1/emergency"
MOMENT = datetime(2026, 11, 25, 14, 30, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def two_queues(rig, monkeypatch, tmp_path):
    assert emergency
    rig.dispatcher.set_queues([Queue("technical"), Queue("general")])
    monkeypatch.setenv("IVR_STATE", str(tmp_path))
    monkeypatch.setenv("IVR_SIP_PORT", "5999")


@pytest.fixture
async def running(rig, tmp_path):
    with door.opened(tmp_path, "127.0.0.1", urlsplit(rig.url).port, rig.services.engine_token, sip_port=45060):
        yield lambda *words: asyncio.to_thread(ivr, *words)


def order(**more):
    return {"queue": "technical", "until": later(hours=1), "why": "пожар", **more}


def later(**much):
    return (datetime.now(UTC) + timedelta(**much)).isoformat()


async def test_what_a_supervisor_orders_is_listed_with_who_and_why_and_is_ended(rig):
    status, made, _ = await rig.ask("POST", PATH, "supervisor", json=order(to="general"))
    assert status == 201
    assert (made["queue"], made["to"], made["why"], made["by"]) == ("technical", "general", "пожар", "the supervisor")
    assert (await rig.get(PATH, "admin"))["measures"] == [made]
    assert (await rig.ask("DELETE", f"{PATH}/technical", "admin"))[0] == 204
    assert (await rig.get(PATH, "admin"))["measures"] == []
    status, answer, _ = await rig.ask("DELETE", f"{PATH}/technical", headers={"Accept-Language": "ru"})
    assert status == 404 and "ivr emergency list" in answer["detail"]


@pytest.mark.parametrize("role", ["operator", "senior", "auditor", "service"])
async def test_nobody_else_may(rig, role):
    assert (await rig.ask("POST", PATH, role, json=order()))[0] == 403
    assert (await rig.ask("GET", PATH, role))[0] == 403
    assert (await rig.ask("DELETE", f"{PATH}/technical", role))[0] == 403


@pytest.mark.parametrize(
    ("wrong", "pointer", "detail"),
    [
        ({"queue": "tehnical"}, "#/queue", "one of: "),
        ({"to": "genral"}, "#/to", "one of: general"),
        ({"to": "technical"}, "#/to", "one of: general"),
        ({"until": later(seconds=-1)}, "#/until", "a time to come, within 31 days"),
        ({"until": later(days=32)}, "#/until", "a time to come, within 31 days"),
        ({"until": "2036-11-25T18:00:00"}, "#/until", ""),
        ({"why": "<b>"}, "#/why", "remove the character"),
    ],
)
async def test_an_order_that_makes_no_sense_changes_nothing_and_says_what_to_mend(rig, wrong, pointer, detail):
    status, answer, _ = await rig.ask("POST", PATH, json=order(**wrong), headers={"Accept-Language": "en"})
    assert status == 422
    (found,) = answer["errors"]
    assert found["pointer"] == pointer and detail in found["detail"]
    assert (await rig.get(PATH))["measures"] == []


async def test_from_the_command_line(running, rig):
    said, refused = await running("emergency", "close", "technical", "--until", "2h", "--why", "пожар")
    assert not refused and said.startswith("queue technical is closed until 20")
    said, _ = await running("emergency", "send", "general", "--to", "technical", "--until", "1d", "--why", "потоп")
    assert said.startswith("queue general is sent to technical until 20")
    listed = json.loads((await running("emergency", "list", "--format", "json"))[0])
    assert [(each["queue"], each["to"], each["by"]) for each in listed["measures"]] == [
        ("general", "technical", "command line"),
        ("technical", None, "command line"),
    ]
    assert "потоп" in (await running("emergency", "list"))[0]
    assert (await running("emergency", "end", "general"))[0] == "queue general takes calls as ever\n"
    assert "No emergency measure" in (await running("emergency", "end", "general"))[1]
    await running("emergency", "end", "technical")
    assert "no emergency measure is in force" in (await running("emergency", "list"))[0]
    _, refused = await running("emergency", "close", "tehnical", "--until", "2h", "--why", "пожар")
    assert refused.startswith("queue: one of: ")


async def test_a_prompt_is_announced_to_all_listed_and_ended(rig):
    body = {"prompt": "fire", "until": later(hours=1), "why": "пожар"}
    status, made, _ = await rig.ask("POST", "/api/v1/announcement", "supervisor", json=body)
    assert (status, made["prompt"], made["by"]) == (201, "fire", "the supervisor")
    assert (await rig.get(PATH, "supervisor"))["announcement"] == made
    assert (await rig.ask("POST", "/api/v1/announcement", "senior", json=body))[0] == 403
    assert (await rig.ask("DELETE", "/api/v1/announcement", "senior"))[0] == 403
    assert (await rig.ask("DELETE", "/api/v1/announcement", "supervisor"))[0] == 204
    assert (await rig.get(PATH))["announcement"] is None
    assert (await rig.ask("DELETE", "/api/v1/announcement"))[0] == 404


async def test_a_prompt_that_not_every_caller_could_hear_is_refused(rig):
    body = {"prompt": "fires", "until": later(hours=-1), "why": "пожар"}
    status, answer, _ = await rig.ask("POST", "/api/v1/announcement", json=body, headers={"Accept-Language": "en"})
    assert status == 422
    assert [each["pointer"] for each in answer["errors"]] == ["#/until", "#/prompt"]
    assert "a sound in every language" in answer["errors"][1]["detail"]
    assert (await rig.get(PATH))["announcement"] is None


async def test_an_announcement_from_the_command_line(running, rig):
    said, refused = await running("emergency", "announce", "flood", "--until", "2h", "--why", "потоп")
    assert not refused and said.startswith("all callers hear flood until 20")
    listed = (await running("emergency", "list"))[0]
    assert "flood" in listed and "потоп" in listed
    assert "any more" in (await running("emergency", "end-announcement"))[0]
    assert (await running("emergency", "end-announcement"))[1] == "Nothing is announced to all now."


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("18:00", "2026-11-25T18:00:00+00:00"),
        ("14:30", "2026-11-26T14:30:00+00:00"),
        ("9:05", "2026-11-26T09:05:00+00:00"),
        ("2026-11-27 08:00", "2026-11-27T08:00:00+00:00"),
        ("2026-11-27T08:00+03:00", "2026-11-27T08:00:00+03:00"),
        ("90m", "2026-11-25T16:00:07+00:00"),
        ("2 h", "2026-11-25T16:30:07+00:00"),
        ("1d", "2026-11-26T14:30:07+00:00"),
    ],
)
def test_times_as_people_type_them(written, meant):
    assert until(written, MOMENT).isoformat() == meant


@pytest.mark.parametrize("written", ["", "evening", "25:00", "2026-13-01", "-1h", "2w"])
def test_what_is_no_time_is_refused_with_examples(written):
    with pytest.raises(Refusal) as refused:
        until(written, MOMENT)
    assert "18:00" in refused.value.message.told("ru")
