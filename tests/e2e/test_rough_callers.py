"""Callers and peers who do what no telephone does: nothing breaks, nobody else notices."""

import asyncio

import pytest

from tests.e2e.bare import bare_call
from tests.e2e.caller import MOSCOW, tickets_of
from tests.e2e.conftest import NewCaller, NewOperator
from tests.e2e.hotline import Hotline

pytestmark = pytest.mark.e2e


async def test_fifty_keys_a_second(line: Hotline, new_caller: NewCaller) -> None:
    other = await new_caller()
    await other.dial()
    async with bare_call(line.sip_port, MOSCOW, "+79170000050") as rough:
        await rough.press("1234567890*#" * 12, a_second=50)
        assert not rough.over.is_set() or rough.status == 200
    await other.press("1")
    await other.hears("main")
    await other.hang_up()
    await other.ticket()
    assert len(await ended_tickets(line, "+79170000050")) == 1


@pytest.mark.parametrize(
    "forged",
    [
        "7%0d%0a%0d%0aEvent%3a%20FakeEvent%0d%0aChannel%3a%20x",
        "7%0a%0a200%20result=1",
        "%22%5c%24%7bSHELL(id)%7d",
        "%00%01%02",
        "9" * 200,
    ],
)
async def test_a_forged_caller_id_is_a_call_like_any_other(forged: str, line: Hotline) -> None:
    before = {ticket["number"] for ticket in (await line.ask("GET", "/tickets?limit=100"))["tickets"]}
    async with bare_call(line.sip_port, MOSCOW, forged, name='"\udcff\x1b[2J\udcfe" ') as rough:
        assert rough.status == 200
        await heard_something(rough)
    async with asyncio.timeout(5):
        while True:
            listed = (await line.ask("GET", "/tickets?limit=100"))["tickets"]
            fresh = [ticket for ticket in listed if ticket["number"] not in before]
            if fresh and all(ticket["end"] for ticket in fresh):
                break
            await asyncio.sleep(0.05)
    assert len(fresh) == 1
    assert all(sign in "+0123456789" for sign in fresh[0]["caller"] or "")
    assert line.is_ready()


@pytest.mark.parametrize("dialled", ["500%26PJSIP%2ftrunk%2f810", "%24%7bSHELL(id)%7d", "7%0a", "s", "1"])
async def test_a_forged_called_number_rings_nobody(dialled: str, line: Hotline) -> None:
    async with bare_call(line.sip_port, dialled) as rough:
        assert rough.status in (200, 404, 484, 403, 400, 416)
    assert line.is_ready()


async def test_abuse_of_the_agi_port_harms_no_call(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    caller = await new_caller()
    await caller.dial()
    writers = []
    for sent in (
        b"",
        b"agi_request: agi://x\nagi_chan",
        b"x" * 1_000_000,
        b"\n\n",
        b"agi_request: x\n\n200 result=1\n",
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", line.agi_port)
        writer.write(sent)
        writers.append(writer)
        if sent == b"":
            writer.close()
    await caller.press("10")
    operator = await new_operator(do="answer")
    await operator.phone.wait("answered")
    await caller.reaches("talking")
    await caller.hang_up()
    assert (await caller.ticket())["end"] == "answered"
    for writer in writers:
        writer.close()


async def test_no_audio_from_the_caller_is_no_reason_to_hang_up(line: Hotline) -> None:
    """Not one packet of sound is sent, from the beginning to the end."""
    async with bare_call(line.sip_port, MOSCOW, "+79170000051", speaks=False) as silent:
        await heard_something(silent)
        heard = silent.packets_heard
        async with asyncio.timeout(5):
            while silent.packets_heard < heard + 100:
                await asyncio.sleep(0.05)
        assert not silent.over.is_set()
    assert [ticket["end"] for ticket in await ended_tickets(line, "+79170000051")] == ["abandoned-in-menu"]


async def heard_something(rough: object) -> None:
    async with asyncio.timeout(5):
        while rough.packets_heard < 10:  # type: ignore[attr-defined]
            await asyncio.sleep(0.05)


async def ended_tickets(line: Hotline, number: str) -> list[dict[str, object]]:
    async with asyncio.timeout(5):
        while True:
            tickets = await tickets_of(line, number)
            if tickets and all(ticket["end"] for ticket in tickets):
                return tickets
            await asyncio.sleep(0.05)
