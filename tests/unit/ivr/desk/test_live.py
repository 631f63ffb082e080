"""Live changes: the picture, what follows it, going on after a lost connection, and who sees what."""

import asyncio
import time

import pytest

from ivr.calllog.events import Decided, Entry, Offered
from ivr.calllog.state import replay
from ivr.desk.sip import _is
from routing.explain.written import written
from routing.model import Operator
from tests.unit.ivr.desk.conftest import CALLER, call
from tests.unit.routing.desk import Desk


@pytest.fixture
def listen(rig):
    def connect(role="supervisor", **query):
        headers = {"Authorization": f"Bearer {rig.tokens[role]}"}
        return rig.client.ws_connect(f"{rig.url}/api/v1/live", params=query, headers=headers)

    return connect


async def heard(socket):
    return await socket.receive_json(timeout=5)


async def told_of(socket, kind):
    while (message := await heard(socket))["type"] != kind:
        pass
    return message


async def test_the_picture_and_then_each_change(rig, listen):
    rig.dispatcher.join(Operator("anna"), reason="new")
    async with listen() as socket:
        picture = await heard(socket)
        assert picture["type"] == "reset"
        assert [(each["id"], each["state"]) for each in picture["operators"]] == [("anna", "not-ready")]
        rig.dispatcher.ready("anna")
        before = time.monotonic()
        change = await told_of(socket, "operator")
        assert change["operator"]["state"] == "ready" and change["seq"] > picture["seq"]
        assert time.monotonic() - before < 1


async def test_a_lost_connection_goes_on_where_it_was(rig, listen):
    rig.dispatcher.join(Operator("anna"), reason="new")
    async with listen() as socket:
        picture = await heard(socket)
    rig.dispatcher.ready("anna")
    async with listen(after=picture["seq"], run=picture["run"]) as socket:
        assert (await told_of(socket, "operator"))["operator"]["state"] == "ready"
    async with listen(after=picture["seq"], run="another") as socket:
        assert (await heard(socket))["type"] == "reset"
    async with listen(after=10**9, run=picture["run"]) as socket:
        assert (await heard(socket))["type"] == "reset"


async def test_a_call_is_told_to_whom_it_is_at_and_to_watchers(rig, listen, changes):
    events = call()[:5]
    desk = Desk()
    desk.join("anna", technical=2)
    (offer,) = desk.call("c", technical=2)
    decided = Decided(at=events[-1].at + 1, seen=written(desk.router.seen(offer)))
    offered = Offered(at=events[-1].at + 1, operator="the operator")
    entries = [Entry("c", seq, event) for seq, event in enumerate([*events, decided, offered], 1)]
    rig.engine.live = list(replay(entries).values())
    async with listen("senior") as senior, listen("operator") as operator, listen("service") as service:
        for socket in (senior, operator, service):
            await heard(socket)
        changes.take("c", decided)
        changes.take("c", offered)
        seen = (await told_of(senior, "call"))["call"]
        assert (seen["stage"], seen["caller"]) == ("ringing", CALLER)
        assert seen["why"]["en"] == "offered to anna: the only one free who could take it"
        assert "anna" in seen["why"]["ru"]
        assert (await told_of(service, "call"))["call"]["caller"] == "**********67"
        assert (await heard(operator))["type"] == "queues", "somebody else's call is not theirs to see"


async def test_a_plain_request_is_told_that_it_is_none(rig):
    status, answer, _ = await rig.ask("GET", "/api/v1/live")
    assert (status, answer["type"]) == (400, "/api/problems/request-refused")


async def test_many_listeners_hear_of_a_change_at_once(rig, listen):
    rig.dispatcher.join(Operator("anna"), reason="new")
    sockets = await asyncio.gather(*(listen() for _ in range(50)))
    for socket in sockets:
        await heard(socket)
    rig.dispatcher.ready("anna")
    told = await asyncio.gather(*(told_of(socket, "operator") for socket in sockets))
    assert {each["operator"]["state"] for each in told} == {"ready"}
    await asyncio.gather(*(socket.close() for socket in sockets))


REGISTER = "REGISTER sip:kommutator SIP/2.0\r\nVia: SIP/2.0/WS x\r\nFrom: {sender};tag=1\r\nTo: <sip:a@b>\r\n\r\n"


@pytest.mark.parametrize(
    ("sender", "theirs"),
    [
        ("<sip:anna@kommutator>", True),
        ('"+79161234567" <sip:anna@kommutator>', True),
        ("<sip:boris@kommutator>", False),
        ("<sip:+79161234567@kommutator>", False),
        ('"sip:anna@x" <sip:boris@kommutator>', False),
        ("<sip:anna@kommutator>\r\nFrom: <sip:boris@kommutator>", False),
        ("<sip:kommutator>", False),
    ],
)
def test_a_page_speaks_as_its_operator_only(sender, theirs):
    assert _is("anna", REGISTER.format(sender=sender)) is theirs
