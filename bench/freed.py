"""From a freed operator to the ringing of the next phone: ``python -m bench.freed``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import statistics
import tempfile
import time
from itertools import count, pairwise
from pathlib import Path
from types import SimpleNamespace

from ivr.call import Call
from ivr.calllog.state import CallState
from ivr.channel import QueueRequest, RingOutcome, Rung
from ivr.queueing import Queueing
from ivr.recordings import Recordings
from routing.clock import steady
from routing.dispatcher import Dispatcher
from routing.model import Operator, Queue
from routing.router import Router


class _Line:
    """A line on which every conversation is over at once; ``stamps``: when each ringing began and ended (s)."""

    def __init__(self, stamps: list[tuple[float, float]]) -> None:
        self._stamps = stamps

    async def music(self, on: bool) -> None: ...

    async def play(self, speech, *, keys=""): ...

    async def waiting_key(self) -> str:
        return await asyncio.get_running_loop().create_future()

    async def ring(self, operator, seconds, *, shown, record_to, moments) -> Rung:
        began = time.perf_counter()
        moments.answered()
        record_to.write_bytes(b"x" * 100)
        self._stamps.append((began, time.perf_counter()))
        return Rung(RingOutcome.ANSWERED)


class _Journal:
    def append(self, call_id, seq, event) -> None: ...


async def freed_to_ring(callers: int) -> list[float]:
    """Microseconds from the end of one conversation to ``line.ring`` for the next of so many recorded calls."""
    tokens, now, stamps = count(), steady(), []
    dispatcher = Dispatcher(Router([Queue("q")], tokens=lambda: str(next(tokens))), now)
    with tempfile.TemporaryDirectory() as folder:
        queueing = Queueing(dispatcher, Recordings(Path(folder)), now=now, steady=now, free_to_ring=lambda _: None)
        dispatcher.join(Operator("op", {"law": 3}))
        request = QueueRequest("q", {"law": 1}, max_wait=1e6)
        async with dispatcher.running(), asyncio.TaskGroup() as tasks:
            for number in range(callers):
                state = CallState(f"c{number}", ticket=number)
                call = Call(state, None, None, _Journal(), None, None, None, now, (), Path())
                call.service = SimpleNamespace(queues={})
                tasks.create_task(queueing.wait(call, _Line(stamps), request))
            await asyncio.sleep(0)
            dispatcher.ready("op")
    return [(after[0] - before[1]) * 1e6 for before, after in pairwise(stamps)]


def summary(microseconds: list[float]) -> dict[str, float]:
    ordered = sorted(microseconds)
    at = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)  # noqa: E731
    return {"mean": round(statistics.mean(ordered), 1), "p50": at(0.5), "p99": at(0.99), "worst": round(ordered[-1], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    gc.collect()
    figures = {
        "operator freed -> line.ring, 1,000 waiting": summary(asyncio.run(freed_to_ring(1000))),
    }
    if parser.parse_args().json:
        print(json.dumps(figures))
        return
    print(f"{'microseconds':45}{'mean':>9}{'p50':>9}{'p99':>9}{'worst':>9}")
    for name, row in figures.items():
        print(f"{name:45}" + "".join(f"{value:9.1f}" for value in row.values()))


if __name__ == "__main__":
    main()
