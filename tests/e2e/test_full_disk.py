"""The disk of the recordings fills up in the midst of a conversation: the two talk on, and it is told."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.prompts.catalogue import Catalogue
from tests.e2e import hearing
from tests.e2e.caller import caller
from tests.e2e.hotline import hotline
from tests.e2e.operators import operator
from tests.e2e.small_disk import SmallDisk, namespace
from tests.e2e.test_conversation import HIGH, LOW, ask_for_an_operator, until_heard

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def test_a_disk_that_fills_up_ends_no_conversation_and_is_told(
    prompts: Catalogue, stack: AsyncExitStack, tmp_path: Path
) -> None:
    disk = SmallDisk(tmp_path / "calls")
    with hotline(under=disk.under, IVR_RECORDINGS=str(disk.folder)) as line:
        serving = await stack.enter_async_context(operator(tmp_path / "serving", line))
        await serving.phone.on_ring("answer")
        calls = await stack.enter_async_context(caller(tmp_path / "caller", line, prompts))
        await ask_for_an_operator(calls)
        disk.expect((await calls.reaches("queue"))["ticket"])
        await serving.ready()
        await calls.reaches("talking")
        await calls.phone.say(hearing.write(tmp_path / "low.wav", hearing.tone(LOW, 1.5)))
        await until_heard(serving.phone.heard(), LOW)
        await asyncio.to_thread(disk.fill, line)
        await serving.phone.say(hearing.write(tmp_path / "high.wav", hearing.tone(HIGH, 9.0)))
        await until_heard(calls.phone.heard(), HIGH, seconds=8.5, within=20)
        await calls.hang_up()
        ticket = await calls.ticket()
        assert (ticket["end"], ticket["operator"]) == ("answered", serving.id)
        assert ticket["talk_seconds"] > 9
        assert "record" in ticket["unrecorded"]
        assert bool(ticket["recording"]) == bool(namespace()), "what was recorded before is kept"
        assert "conversation not recorded" in line.said()
        assert line.is_ready()
        await stack.aclose()
