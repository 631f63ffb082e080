"""A call during which engines die, by its fault or not: it reaches people, and nobody loses their place."""

import asyncio
import os
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.prompts.catalogue import Catalogue
from ivr.reception import MOST_AT_WORK
from ivr.session import DEADLY
from tests.e2e import processes
from tests.e2e.caller import caller
from tests.e2e.hotline import PROJECT, hotline
from tests.e2e.operators import operator
from tests.e2e.test_conversation import ask_for_an_operator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

DEADLY_CALLER = "+79195550001"
POISON = f"""
import os, sys
if "engine" in sys.orig_argv:
    from ivr.nodes.collect import Collect
    from ivr.nodes.queue import Queue
    def deadly(kind):
        run = kind.run
        async def runs(self, call):
            if call.state.caller == "{DEADLY_CALLER}":
                with open(os.environ["DEATHS"], "a") as deaths:
                    deaths.write(call.state.node + "\\n")
                os.kill(os.getpid(), 9)
            return await run(self, call)
        kind.run = runs
    deadly(Collect)
    deadly(Queue)
"""

ENOUGH = 2
BOUND = f"""
import sys
if "engine" in sys.orig_argv:
    from ivr import reception
    reception.MOST_RESUMED = {ENOUGH}
"""
"""A lower bound than in life, where it is reached only by engines that die over many minutes."""


async def test_a_deadly_call_is_left_to_asterisk_and_the_others_wait_on(
    prompts: Catalogue, stack: AsyncExitStack, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(POISON)
    deaths = tmp_path / "deaths"
    path = os.pathsep.join([str(tmp_path), str(PROJECT)])
    with hotline(PYTHONPATH=path, DEATHS=str(deaths)) as line:
        first = line.engine_pid()
        serving = await stack.enter_async_context(operator(tmp_path / "serving", line))
        await serving.phone.on_ring("answer")
        other = await stack.enter_async_context(caller(tmp_path / "other", line, prompts))
        await ask_for_an_operator(other)
        before = await other.reaches("queue")

        deadly = await stack.enter_async_context(caller(tmp_path / "deadly", line, prompts, DEADLY_CALLER))
        await deadly.dial()
        await deadly.press("1")
        await deadly.hears("main")
        await deadly.press("1")
        await serving.phone.wait("answered", call=1, within=60)
        assert not processes.alive(first)
        nodes = deaths.read_text().split()
        assert nodes == ["request-number"] * DEADLY + ["operator"] * (MOST_AT_WORK + 1 - DEADLY)
        await deadly.hang_up()
        ticket = await deadly.ticket(within=15)
        assert (ticket["end"], ticket["operator"]) == ("answered-without-engine", serving.id)

        after = await other.reaches("queue", within=20)
        assert (after["ticket"], after["waiting_since"]) == (before["ticket"], before["waiting_since"])
        await serving.ready()
        await other.reaches("talking", within=20)
        await other.hang_up()
        assert (await other.ticket())["number"] == before["ticket"]
        await stack.aclose()


async def test_a_call_that_waits_through_engine_after_engine_is_left_to_asterisk(
    prompts: Catalogue, stack: AsyncExitStack, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(BOUND)
    with hotline(PYTHONPATH=os.pathsep.join([str(tmp_path), str(PROJECT)])) as line:
        serving = await stack.enter_async_context(operator(tmp_path / "serving", line))
        waiting = await stack.enter_async_context(caller(tmp_path / "waiting", line, prompts))
        await ask_for_an_operator(waiting)
        before = await waiting.reaches("queue")
        for _ in range(ENOUGH):
            await asyncio.to_thread(processes.kill, line.engine_pid())
            await asyncio.to_thread(line.wait_ready)
            after = await waiting.reaches("queue", within=15)
            assert (after["ticket"], after["waiting_since"]) == (before["ticket"], before["waiting_since"])
        await asyncio.to_thread(processes.kill, line.engine_pid())
        await serving.phone.on_ring("answer")
        await serving.phone.wait("answered", call=1, within=20)
        await waiting.hang_up()
        ticket = await waiting.ticket(within=15)
        assert (ticket["number"], ticket["operator"]) == (before["ticket"], serving.id)
        assert ticket["end"] == "answered-without-engine"
        await stack.aclose()
