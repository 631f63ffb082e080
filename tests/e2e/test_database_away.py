"""PostgreSQL is away: the engine goes on, and starts, without it; nothing of it is missing when it is back."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.prompts.catalogue import Catalogue
from tests import postgresql
from tests.e2e import processes
from tests.e2e.caller import caller
from tests.e2e.hotline import hotline
from tests.e2e.operators import operator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def test_calls_are_served_without_postgresql_and_their_tickets_come_with_it(
    prompts: Catalogue, stack: AsyncExitStack, tmp_path: Path
) -> None:
    programs = postgresql.binaries()
    assert programs is not None, "the development requirements bring one"
    with postgresql.server(programs) as server, hotline(IVR_DATABASE_URL=f"{server.url}/postgres") as line:
        serving = await stack.enter_async_context(operator(tmp_path / "serving", line))
        await serving.phone.on_ring("answer")
        await serving.ready()
        before = await stack.enter_async_context(caller(tmp_path / "before", line, prompts))
        await before.dial()
        await asyncio.to_thread(server.stop)

        await before.press("1")
        await before.hears("main")
        assert not await asyncio.to_thread(line.is_ready), "whoever watches it is told"

        await asyncio.to_thread(processes.kill, line.engine_pid())
        await before.hears("main", within=20)  # again, from the next engine
        after = await stack.enter_async_context(caller(tmp_path / "after", line, prompts))
        await after.dial()
        await after.hears("welcome")
        await after.press("10")
        await serving.phone.wait("answered", call=1, within=20)
        await after.hears("conversation-recorded", first=0.8)
        await after.hang_up()
        await serving.phone.wait("disconnected", call=1)

        await asyncio.to_thread(server.start)
        await asyncio.to_thread(line.wait_ready)
        await before.hang_up()
        ended = [await each.ticket(within=15) for each in (before, after)]
        assert [ticket["end"] for ticket in ended] == ["abandoned-in-menu", "answered"]
        assert ended[1]["operator"] == serving.id
        await stack.aclose()
