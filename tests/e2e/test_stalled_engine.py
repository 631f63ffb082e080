"""An engine that is held up for a moment loses no key and counts none twice: Asterisk keeps them all, in order."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.e2e.bare import BareCaller, bare_call
from tests.e2e.caller import MOSCOW
from tests.e2e.hotline import Hotline, configured
from tests.e2e.test_identification import SNILS
from tests.e2e.test_rough_callers import ended_tickets
from tests.unit.small import written

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

CALLER = "+79265550051"
STALL = 0.3
DOORS = "12345"
ROUNDS, CALLS = 40, 3
AT_A_KEY = (0.0, 0.0005, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.01)
"""Seconds from a key's end to the stop: before the engine hears of it, while it thinks, while it asks, after it."""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotline]:
    """Menus in which each key leads to the menu of its name: a call's path is what was keyed."""
    keys = ", ".join(f"{key}: door-{key}" for key in DOORS)
    menus = "\n".join(
        f"{name}: {{menu: main, keys: {{{keys}, 0: operator}}, attempts: 5, otherwise: operator}}"
        for name in ("hall", *(f"door-{key}" for key in DOORS))
    )
    with configured(written(tmp_path_factory.mktemp("doors") / "config", menus)) as running:
        yield running


async def path(line: Hotline, number: str = CALLER) -> list[str]:
    """The nodes that the call has been through."""
    calls = (await line.ask("GET", "/calls"))["calls"]
    return [node for call in calls if call["caller"] == number for node in call["path"]]


async def press_until(line: Hotline, caller: BareCaller, key: str, node: str) -> None:
    """Press ``key`` twice a second until the call is at ``node``."""
    async with asyncio.timeout(10):
        while (await path(line))[-1:] != [node]:
            await caller.press(key)
            await asyncio.sleep(0.3)


@asynccontextmanager
async def stopped(engine: int) -> AsyncIterator[None]:
    """The engine does nothing meanwhile."""
    os.kill(engine, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(engine, signal.SIGCONT)


async def press_while_the_engine_is_stopped(line: Hotline, caller: BareCaller, keys: str) -> None:
    """Four keys, then the engine stops for the others and for a moment more."""
    engine = line.engine_pid()
    await caller.press(keys[:4], a_second=50)
    async with stopped(engine):
        await caller.press(keys[4:], a_second=50)
        await asyncio.sleep(STALL - len(keys[4:]) / 50)


async def test_eleven_keys_at_fifty_a_second_while_the_engine_is_held_up(line: Hotline) -> None:
    async with bare_call(line.sip_port, MOSCOW, CALLER) as caller:
        await press_until(line, caller, "1", "main.main")
        await press_until(line, caller, "3", "payments.payments")
        await press_until(line, caller, "1", "payments.pay")
        await press_until(line, caller, "1", "payments.who")
        await press_while_the_engine_is_stopped(line, caller, SNILS)
        await press_until(line, caller, "1", "payments.to-payments")
    (ticket,) = await ended_tickets(line, CALLER)
    assert [each["kind"] for each in ticket["identification"]] == ["snils"]


def keys_of(nodes: list[str]) -> str:
    """What led through these menus."""
    return "".join(node[-1] for node in nodes if "door" in node)


async def keyed(line: Hotline, number: str, so_many: int) -> str:
    """What the menus took, once there are ``so_many`` keys of it."""
    taken = ""
    async with asyncio.timeout(20):
        while len(taken) < so_many:
            await asyncio.sleep(0.02)
            taken = keys_of(await path(line, number))
    return taken


@pytest.mark.parametrize("seed", range(CALLS))
async def test_a_key_between_two_questions_while_the_engine_is_held_up_counts_once(doors: Hotline, seed: int) -> None:
    """One key answers a menu, the next comes while the engine is stopped, at another point of its work each time."""
    chance = random.Random(seed)
    engine, number, pressed = doors.engine_pid(), f"+7926555006{seed}", ""
    async with bare_call(doors.sip_port, MOSCOW, number) as caller:
        async with asyncio.timeout(10):
            while not await path(doors, number):
                await asyncio.sleep(0.05)
        for _ in range(ROUNDS):
            first, second = chance.choice(DOORS), chance.choice(DOORS)
            pressing = asyncio.create_task(caller.press(first, a_second=10))
            await asyncio.sleep(chance.choice(AT_A_KEY))
            async with stopped(engine):
                await pressing
                await caller.press(second, a_second=10)
            pressed += first + second
            assert await keyed(doors, number, len(pressed)) == pressed
    (ticket,) = await ended_tickets(doors, number)
    assert keys_of(ticket["path"]) == pressed  # type: ignore[arg-type]
