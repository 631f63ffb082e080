from __future__ import annotations

import asyncio
import time

import pytest

from ivr.flowtest.clock import Stuck, VirtualLoop


def run(awaitable):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(awaitable)


def test_a_day_passes_at_once_and_everything_in_its_order() -> None:
    async def day() -> list[str]:
        loop, told = asyncio.get_running_loop(), []
        assert isinstance(loop, VirtualLoop)

        async def after(seconds: float, word: str) -> None:
            await asyncio.sleep(seconds)
            told.append(f"{word} at {loop.time():.0f}")

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(after(90_000, "a day"))
            tasks.create_task(after(60, "a minute"))
            tasks.create_task(after(3600, "an hour"))
        return told

    began = time.monotonic()
    assert run(day()) == ["a minute at 60", "an hour at 3600", "a day at 90000"]
    assert time.monotonic() - began < 5


def test_time_that_passes_overtakes_no_timer() -> None:
    async def passing() -> list[float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        seen: list[float] = []
        loop.call_later(5, lambda: seen.append(loop.time()))
        await loop.passes(3)
        await loop.passes(3)
        return [*seen, loop.time()]

    assert run(passing()) == pytest.approx([5, 6])


def test_waiting_for_what_never_comes_is_an_error() -> None:
    async def forever() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(Stuck):
        run(forever())
