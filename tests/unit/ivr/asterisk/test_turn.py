from __future__ import annotations

import asyncio

from ivr.asterisk.turn import Turn


async def test_who_comes_first_is_told_first_and_a_cancelled_one_holds_up_nobody() -> None:
    turn, order = Turn(), list[str]()
    turn.taken = True

    async def take(name: str) -> None:
        await turn.free()
        turn.taken = True
        order.append(name)
        turn.give_back()

    tasks = {name: asyncio.create_task(take(name)) for name in "abcd"}
    await asyncio.sleep(0)
    tasks["b"].cancel()  # while it waits
    turn.give_back()
    tasks["a"].cancel()  # in the very moment in which it is told
    await asyncio.wait(tasks.values(), timeout=5)
    assert order == ["c", "d"]
    assert not turn.taken
