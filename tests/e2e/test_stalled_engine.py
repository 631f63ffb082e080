"""An engine that is held up for a moment loses no key of an entry: Asterisk collects the whole of it."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from tests.e2e.bare import BareCaller, bare_call
from tests.e2e.caller import MOSCOW
from tests.e2e.hotline import Hotline
from tests.e2e.test_identification import SNILS
from tests.e2e.test_rough_callers import ended_tickets

pytestmark = pytest.mark.e2e

CALLER = "+79265550051"
STALL = 0.3


async def path(line: Hotline) -> list[str]:
    """The nodes that the call has been through."""
    calls = (await line.ask("GET", "/calls"))["calls"]
    return [node for call in calls if call["caller"] == CALLER for node in call["path"]]


async def press_until(line: Hotline, caller: BareCaller, key: str, node: str) -> None:
    """Press ``key`` twice a second until the call is at ``node``."""
    async with asyncio.timeout(10):
        while (await path(line))[-1:] != [node]:
            await caller.press(key)
            await asyncio.sleep(0.3)


async def press_while_the_engine_is_stopped(line: Hotline, caller: BareCaller, keys: str) -> None:
    """Four keys, then the engine stops for the others and for a moment more."""
    engine = line.engine_pid()
    await caller.press(keys[:4], a_second=50)
    os.kill(engine, signal.SIGSTOP)
    try:
        await caller.press(keys[4:], a_second=50)
        await asyncio.sleep(STALL - len(keys[4:]) / 50)
    finally:
        os.kill(engine, signal.SIGCONT)


async def test_eleven_keys_at_fifty_a_second_while_the_engine_is_held_up(line: Hotline) -> None:
    async with bare_call(line.sip_port, MOSCOW, CALLER) as caller:
        await press_until(line, caller, "1", "main.main")
        await press_until(line, caller, "1", "main.technical")
        await press_while_the_engine_is_stopped(line, caller, SNILS)
        await press_until(line, caller, "1", "main.to-technical")
    (ticket,) = await ended_tickets(line, CALLER)
    assert [each["kind"] for each in ticket["identification"]] == ["snils"]
