"""What a waiting call costs the engine in memory: ``python -m bench.waiting``.

Scripted peers play Asterisk's end of so many calls, all in one queue with nobody to answer them.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from contextlib import AsyncExitStack

from bench import cpu, peer, table
from bench.hotline import WAITING, Hotline, hotline
from ivr.asterisk.agi_server import connections_possible

BAR_KB = 64.0
SETTLE = 3.0
"""Seconds until what was begun for the calls (tickets, batches) is done."""
AT_ONCE = 50


async def fill(it: Hotline, wave: str, calls: int) -> float:
    """Bytes that the engine holds while so many calls wait, all of them gone again afterwards."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def wait(stack: AsyncExitStack, number: int) -> None:
        async with gate:
            unique = f"{wave}.{number}.{time.time()}"
            await stack.enter_async_context(peer.waiting(it.settings.agi_port, WAITING, unique))

    async with AsyncExitStack() as stack:
        async with asyncio.TaskGroup() as tasks:
            for number in range(calls):
                tasks.create_task(wait(stack, number))
        await asyncio.sleep(SETTLE)
        held = cpu.resident(it.engine)
    await asyncio.sleep(SETTLE)
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="the figures too")
    given = parser.parse_args()
    if connections_possible(given.calls) < given.calls:
        raise SystemExit(f"{given.calls} connections need a higher limit of open files (ulimit -n)")
    machine, rows = cpu.words(), []
    with hotline() as it:
        asyncio.run(fill(it, "warm", AT_ONCE))  # what the first calls of all bring with them belongs to none
        for number in range(given.rounds):
            before = cpu.resident(it.engine)
            held = asyncio.run(fill(it, str(number), given.calls))
            after = cpu.resident(it.engine)
            rows.append({
                "round": number + 1, "before MB": before / 1e6, "waiting MB": held / 1e6, "after MB": after / 1e6,
                "KB a call": (held - before) / 1024 / given.calls,
            })  # fmt: skip
    print(machine)
    table.show(f"{given.calls} calls waiting at once; bar {BAR_KB:.0f} KB a call, in the first round", rows)
    table.finish({"machine": machine, "calls": given.calls, "rounds": rows}, given.json)


if __name__ == "__main__":
    main()
