from __future__ import annotations

import asyncio
import gc
import tracemalloc

import pytest

from ivr.asterisk.agi_server import AgiServer, Limits
from ivr.asterisk.agi_session import AgiSession
from ivr.channel import CallerGone
from tests.agi.asterisk import HEADER, ScriptedAsterisk
from tests.agi.conftest import serving


async def picks_up(session: AgiSession) -> None:
    await session.command("ANSWER")


async def still_serves(server: AgiServer) -> None:
    asterisk = await ScriptedAsterisk.call(server.port)
    await asterisk.answer(("ANSWER", "200 result=0"))
    assert await asterisk.ended()
    await asterisk.close()


async def test_a_call_is_served_and_given_back_to_asterisk() -> None:
    async with serving(picks_up) as server:
        await still_serves(server)


async def test_a_peer_that_connects_and_leaves(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(picks_up) as server:
        for _ in range(3):
            peer = await ScriptedAsterisk.call(server.port, b"")
            await peer.close()
        await still_serves(server)
    assert [record.message for record in caplog.records] == [
        "FastAGI peer 127.0.0.1 turned away: the peer closed the connection"
    ] * 3


@pytest.mark.parametrize("half", [b"", b"agi_network: yes\nagi_request: ag", HEADER[:-1]])
async def test_half_a_header_for_ever_is_closed_in_time(half: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(picks_up, Limits(header=0.05)) as server:
        peer = await ScriptedAsterisk.call(server.port, half)
        assert await peer.ended()
        await peer.close()
        await still_serves(server)
    assert [record.message for record in caplog.records] == [
        "FastAGI peer 127.0.0.1 turned away: no complete header within 0.05 s"
    ]


@pytest.mark.parametrize("flood", [b"a" * 2**20, b"agi_x: 11223344595\n" * 2**16, b"odd\n" * 2**18])
async def test_a_megabyte_of_header_is_closed_at_once(flood: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(picks_up) as server:
        peer = await ScriptedAsterisk.call(server.port, b"")
        with pytest.raises(ConnectionError):
            while True:  # the peer goes on for as long as it is let
                await peer.say(flood)
        await peer.close()
        await still_serves(server)
    (record,) = caplog.records
    assert "11223344595" not in record.message


async def test_a_peer_that_is_not_on_the_list() -> None:
    async with serving(picks_up, peers=("192.0.2.0/24",)) as server:
        peer = await ScriptedAsterisk.call(server.port, b"")
        assert await peer.ended()
        await peer.close()


async def test_connections_are_bounded_and_the_others_go_on() -> None:
    async def waits(session: AgiSession) -> None:
        await session.gone.wait()

    async with serving(waits, Limits(sessions=2)) as server:
        calls = [await ScriptedAsterisk.call(server.port) for _ in range(2)]
        third = await ScriptedAsterisk.call(server.port)
        assert await third.ended()
        assert server.sessions == 2
        for call in [*calls, third]:
            await call.close()


async def test_a_handler_that_fails_harms_no_other_call(caplog: pytest.LogCaptureFixture) -> None:
    served = 0

    async def fails_once(session: AgiSession) -> None:
        nonlocal served
        served += 1
        if served == 1:
            raise ValueError("a bug")
        await picks_up(session)

    async with serving(fails_once) as server:
        peer = await ScriptedAsterisk.call(server.port)
        assert await peer.ended()
        await peer.close()
        await still_serves(server)
    assert "a bug" in caplog.text


async def test_stopping_tells_every_session_and_waits_for_its_last_words() -> None:
    ends: list[object] = []
    begun = asyncio.Event()

    async def waits(session: AgiSession) -> None:
        begun.set()
        await session.gone.wait()
        await asyncio.sleep(0.01)
        try:
            session.check()
        except CallerGone as gone:
            ends.append(gone.lost)

    async def never_ends(session: AgiSession) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise

    for handler in (waits, never_ends):
        async with serving(handler, Limits(farewell=0.05)) as server:
            peer = await ScriptedAsterisk.call(server.port)
            await begun.wait()
            begun.clear()
        assert await peer.ended()
        await peer.close()
    assert ends == [True, "cancelled"]


async def test_a_port_in_use_says_what_to_do() -> None:
    async with serving(picks_up) as server:
        with pytest.raises(OSError, match="IVR_AGI_PORT"):
            async with AgiServer(picks_up, port=server.port).running():
                pass


async def test_an_error_of_the_owner_comes_out_as_it_went_in() -> None:
    with pytest.raises(KeyError):
        async with serving(picks_up):
            raise KeyError("the owner's own")


async def test_a_waiting_call_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    async def waits(session: AgiSession) -> None:
        await session.command("SET MUSIC", "ON")
        await session.gone.wait()

    count = 1000
    async with serving(waits) as server:
        peers = [await ScriptedAsterisk.call(server.port, b"") for _ in range(count)]
        gc.collect()
        tracemalloc.start()
        for peer in peers:
            peer.writer.write(HEADER)
        for peer in peers:
            await peer.answer(("SET MUSIC ON", "200 result=0"))
        gc.collect()
        each = tracemalloc.get_traced_memory()[0] / count
        tracemalloc.stop()
        assert len(server._calls) == count
        for peer in peers:
            await peer.close()
    with capsys.disabled():
        print(f"\n{count} idle calls: {each / 1024:.1f} KB each beyond the bare connection")  # noqa: T201
    assert each < 64 * 1024
