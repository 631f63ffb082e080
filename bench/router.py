"""What the router's decisions cost beside what other engines do for them: ``python -m bench.router [--full]``.

A pair is one call that comes and one operator who becomes free, told apart: ``coming`` is the first, ``freed`` the
second with the decision that it leads to. Garbage is collected meanwhile, as in the engine.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
import tracemalloc
from typing import Any

from bench.router_load import Load, loaded
from bench.router_peers import PEERS
from bench.table import finish, show
from ivr import garbage
from routing.events import ConversationEnded, Enqueued

SIZES = ((1_000, 1_000), (20_000, 5_000), (100_000, 10_000))
SWEEP = 100
"""Pairs between looks for garbage among the youngest objects, every tenth among the next. Python itself counts how
many more objects are made than freed: where as many calls come as are answered it looks late, and then for 40 ms."""

FULL = (*SIZES, (500_000, 15_000))


def pairs(load: Load, rounds: int) -> tuple[list[float], list[float], float]:
    """Seconds of each arrival, of each operator's becoming free, and of all other events together."""
    coming, freed, others = [], [], 0.0
    tell, clock = load.router.handle, time.thread_time
    for number in range(rounds):
        load.now += load.step
        contact = Enqueued(load.contact(load.now))
        token = load.live.pop(load.chance.randrange(len(load.live)))
        ended = ConversationEnded(token)
        began = clock()
        decisions = tell(contact, load.now)
        came = clock()
        load.accept(decisions)
        over = clock()
        decisions = tell(ended, load.now)
        if number % SWEEP == 0:
            gc.collect(number // SWEEP % 10 == 0)
        done = clock()
        load.accept(decisions)
        coming.append(came - began)
        freed.append(done - over)
        others += over - came + clock() - done
    return coming, freed, others


def measure(waiting: int, operators: int, rounds: int) -> dict[str, Any]:
    """One row of the table."""
    load = loaded(waiting, operators)
    garbage.settle()
    pairs(load, operators)  # each of them has been free once
    coming, freed, others = pairs(load, rounds)
    gc.unfreeze()
    at = sorted(freed)
    microseconds = lambda share: round(at[min(len(at) - 1, int(len(at) * share))] * 1e6, 1)  # noqa: E731
    return {
        "waiting x operators": f"{waiting:,} x {operators:,}",
        "pairs/s": round(rounds / (sum(coming) + sum(freed))),
        "with acceptance": round(rounds / (sum(coming) + sum(freed) + others)),
        "freed us: p50": microseconds(0.5),
        "p99": microseconds(0.99),
        "p99.9": microseconds(0.999),
        "worst": round(at[-1] * 1e6),
        "coming worst": round(max(coming) * 1e6),
    }


def memory(waiting: int) -> float:
    """Bytes a waiting call, its contact included."""
    empty, full = _held(0), _held(waiting)
    return (full - empty) / waiting


def _held(waiting: int) -> int:
    tracemalloc.start()
    load = loaded(waiting, 500)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del load
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--full", action="store_true", help="500,000 x 15,000 too")
    parser.add_argument("--rounds", type=int, default=20_000)
    parser.add_argument("--ours", action="store_true", help="without the others")
    args = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores")
    ours = [measure(waiting, operators, args.rounds) for waiting, operators in (FULL if args.full else SIZES)]
    show("the router", ours)
    held = memory(20_000)
    print(f"\nmemory: {held:.0f} bytes a waiting call")
    figures: dict[str, Any] = {"router": ours, "bytes a waiting call": round(held)}
    if not args.ours:
        others = [peer(waiting, operators) for waiting, operators in SIZES for peer in PEERS]
        show("what others do for one operator who becomes free", others)
        figures["others"] = others
    finish(figures, args.json)


if __name__ == "__main__":
    main()
