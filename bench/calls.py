"""One scripted call, three ways, in turn: ``python -m bench.calls``.

SIPp dials, presses a menu's key, the eleven of a SNILS and its confirmation, and hears a goodbye. *native*: the steps
written in extensions.conf. *bare*: an asyncio loop that sends the engine's very commands, without thinking. *engine*:
ours, with tickets, metrics and log; the process that writes its tickets is told apart. A call counts as failed when
SIPp says so, or when it has left no right ticket.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import cpu, peer, sipp, table, tickets
from bench.hotline import BARE, KEYS, NATIVE, STEPS, Hotline, hotline
from bench.keys import write_keys

WAYS = {"native": NATIVE, "bare": BARE, "engine": STEPS}
SETTLE = 2.0
"""Seconds after the last call: what belongs to the calls but comes after them (tickets) is counted too."""
BAR_ENGINE_MS = 1.0


@dataclass(slots=True)
class Caller:
    """SIPp with its scenario and keys."""

    folder: Path
    root: Any = field(default_factory=sipp.sipp)

    def call(self, it: Hotline, way: str, calls: int, rate: int) -> dict[str, float]:
        """So many calls; milliseconds of CPU for each of them, by process."""
        keys = write_keys(self.folder / "keys.pcap", KEYS)
        before, machine = tickets.right(it), cpu.Machine.now()
        asterisk, server, writer = cpu.spent(it.asterisk), _server(it, way), _writer(it, way)
        outcome = sipp.run(self.root, self.folder, WAYS[way], it.settings.sip_port, keys, calls=calls, rate=rate)
        time.sleep(SETTLE)
        share = cpu.Machine.now().share_since(machine)
        asterisk, server = cpu.spent(it.asterisk) - asterisk, _server(it, way) - server
        writer = _writer(it, way) - writer
        busy = cpu.Machine.now().busy_since(machine)
        right = tickets.right(it) - before if way == "engine" else outcome.made
        return {
            "failed": calls - min(outcome.made, right),
            "calls/s": calls / outcome.seconds,
            "Asterisk ms": asterisk * 1000 / calls,
            "server ms": server * 1000 / calls,
            "writer ms": writer * 1000 / calls,
            "SIPp ms": outcome.cpu * 1000 / calls,
            "machine busy": share,
            "others' CPU s": busy - asterisk - server - writer - outcome.cpu,
        }


async def scripted(port: int, calls: int) -> None:
    """So many calls from scripted peers, ten at a time: no Asterisk, no SIPp, nobody idle."""
    gate = asyncio.Semaphore(10)

    async def one(number: int) -> None:
        async with gate:
            await peer.call(port, STEPS, f"{time.time()}.{number}", KEYS)

    await asyncio.gather(*(one(number) for number in range(calls)))


def without_asterisk(it: Hotline, calls: int, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of CPU a call, the two servers in turn and never idle."""
    found: dict[str, list[float]] = {"bare": [], "engine": [], "writer": []}
    ports = {"bare": it.bare_port, "engine": it.settings.agi_port}
    asyncio.run(scripted(it.settings.agi_port, calls // 4))
    for _ in range(rounds):
        for way, port in ports.items():
            before, writer = _server(it, way), _writer(it, way)
            asyncio.run(scripted(port, calls))
            time.sleep(SETTLE)
            found[way].append((_server(it, way) - before) * 1000 / calls)
            if way == "engine":
                found["writer"].append((_writer(it, way) - writer) * 1000 / calls)
    return found


def _server(it: Hotline, way: str) -> float:
    return {"native": lambda: 0.0, "bare": lambda: cpu.spent(it.bare), "engine": lambda: cpu.spent(it.engine)}[way]()


def _writer(it: Hotline, way: str) -> float:
    """Of the process that writes the engine's tickets."""
    return sum(cpu.spent(child) for child in cpu.children(it.engine)) if way == "engine" else 0.0


def compare(caller: Caller, it: Hotline, calls: int, rate: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Every way in each round, each round beginning with another one."""
    found: dict[str, dict[str, list[float]]] = {way: {} for way in WAYS}
    for number in range(rounds):
        order = list(WAYS)[number % 3 :] + list(WAYS)[: number % 3]
        for way in order:
            print(f"round {number + 1} of {rounds}: {way}", file=sys.stderr)
            for name, value in caller.call(it, way, calls, rate).items():
                found[way].setdefault(name, []).append(value)
    return found


def ratios(found: dict[str, dict[str, list[float]]]) -> dict[str, float]:
    """What the ways cost beside each other, by medians."""
    middle = {way: {name: statistics.median(each) for name, each in by.items()} for way, by in found.items()}
    return {
        "engine beyond the bare loop, ms a call": middle["engine"]["server ms"] - middle["bare"]["server ms"],
        "engine and its writer of tickets beyond the bare loop, ms a call": middle["engine"]["server ms"]
        + middle["engine"]["writer ms"]
        - middle["bare"]["server ms"],
        "engine / bare loop": middle["engine"]["server ms"] / middle["bare"]["server ms"],
        "Asterisk, engine / native": middle["engine"]["Asterisk ms"] / middle["native"]["Asterisk ms"],
        "both, engine / native": (middle["engine"]["Asterisk ms"] + middle["engine"]["server ms"])
        / middle["native"]["Asterisk ms"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=40, help="calls a second in the comparison")
    parser.add_argument("--calls", type=int, default=600, help="calls of each way in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peak", type=int, default=100, help="calls a second in the last run, engine only; 0: none")
    parser.add_argument("--peak-seconds", type=int, default=30)
    parser.add_argument("--json", action="store_true", help="the figures too")
    given = parser.parse_args()
    machine = cpu.words()
    with tempfile.TemporaryDirectory(prefix="kommutator-sipp-") as folder, hotline() as it:
        caller = Caller(Path(folder))
        caller.call(it, "engine", given.rate, given.rate)  # what is made once, at a first call, belongs to none
        busy = without_asterisk(it, given.calls, given.rounds)
        found = compare(caller, it, given.calls, given.rate, given.rounds)
        peak = caller.call(it, "engine", given.peak * given.peak_seconds, given.peak) if given.peak else {}
        steps = len(it.commands)
    print(machine)
    beyond = statistics.median(busy["engine"]) - statistics.median(busy["bare"])
    table.show(
        f"{given.rounds} x {given.calls} calls of {steps} commands from scripted peers, never idle; CPU of a call",
        [*({"way": way, "ms": table.spread(costs)} for way, costs in busy.items()),
         {"way": f"engine beyond the bare loop; bar {BAR_ENGINE_MS}", "ms": beyond}],
    )  # fmt: skip
    rows = [{"way": way, **{name: table.spread(each) for name, each in by.items()}} for way, by in found.items()]
    table.show(f"{given.rounds} x {given.calls} calls, {given.rate} a second; median (least-most) of a call", rows)
    compared = ratios(found)
    table.show(f"{steps} AGI commands a call; bar {BAR_ENGINE_MS} ms beyond the bare loop", [
        {"compared": name, "": value} for name, value in compared.items()])  # fmt: skip
    if peak:
        table.show(f"{given.peak} calls a second for {given.peak_seconds} s; bar: none failed", [peak])
    table.finish(
        {"machine": machine, "commands": steps, "never idle": busy, "ways": found, "ratios": compared, "peak": peak},
        given.json,
    )


if __name__ == "__main__":
    main()
