"""``python -m bench.calls``: the same scripted call through our engine, a bare FastAGI loop and the native dialplan.

Answer, a menu, 11 keys, a confirmation, goodbye. The three alternate, so that whatever else the machine does meets
all of them. CPU is what the kernel counted for each process (/proc/PID/stat, 10 ms steps), so short runs are coarse.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import configuration, keys, sipp
from bench.reference import BARE, NATIVE, reference
from tests.e2e.hotline import Hotline, configured
from tests.e2e.processes import cpu_seconds

KEYS = "1" + "11223344595" + "1"


@dataclass(slots=True)
class Measured:
    """One way of serving the call. CPU in seconds; ``processes``: name -> process id."""

    name: str
    run: Callable[[], sipp.Outcome]
    processes: dict[str, Callable[[], int]]
    made: int = 0
    failed: int = 0
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)

    def round(self) -> None:
        """One load, and what it cost."""
        ids = {name: process() for name, process in self.processes.items()}
        before = {name: cpu_seconds(pid) for name, pid in ids.items()}
        outcome = self.run()
        self.made += outcome.made
        self.failed += outcome.failed
        self.seconds += outcome.seconds
        for name, pid in ids.items():
            self.cpu[name] = self.cpu.get(name, 0.0) + cpu_seconds(pid) - before[name]

    def figures(self) -> dict[str, Any]:
        """For the table and for programs; CPU in milliseconds a call."""
        calls = max(self.made, 1)
        return {
            "way": self.name,
            "calls": self.made,
            "failed": self.failed,
            "calls_per_second": round(calls / max(self.seconds, 0.001), 1),
            **{f"{name}_ms": round(1000 * spent / calls, 3) for name, spent in self.cpu.items()},
        }


def measure(calls: int, rate: int, rounds: int) -> dict[str, Any]:
    """All three ways, ``rounds`` times in turn."""
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        ask, goodbye = configuration.write(folder / "config")
        program = sipp.sipp()
        pcap = keys.write_keys(folder / "keys.pcap", KEYS)

        def load(number: str, port: int) -> Callable[[], sipp.Outcome]:
            return lambda: sipp.run(program, folder, number, port, pcap, calls=calls, rate=rate)

        with (
            configured(folder / "config", rtp_ports=1200) as line,
            reference(folder / "reference", ask, goodbye, seed=os.getpid() + 7) as other,
        ):
            ways = [
                Measured("native", load(NATIVE, other.sip_port), {"asterisk": lambda: other.asterisk}),
                Measured(
                    "bare loop",
                    load(BARE, other.sip_port),
                    {"asterisk": lambda: other.asterisk, "engine": lambda: other.bare},
                ),
                Measured("kommutator", load(configuration.NUMBER, line.sip_port), _processes(line)),
            ]
            for _ in range(rounds):
                for way in ways:
                    way.round()
            return _ratios([way.figures() for way in ways])


def _processes(line: Hotline) -> dict[str, Callable[[], int]]:
    return {"asterisk": line.asterisk_pid, "engine": line.engine_pid}


def _ratios(figures: list[dict[str, Any]]) -> dict[str, Any]:
    native, bare, ours = figures
    return {
        "ways": figures,
        "asterisk_ratio": round(ours["asterisk_ms"] / max(native["asterisk_ms"], 0.001), 2),
        "engine_ratio": round(ours["engine_ms"] / max(bare["engine_ms"], 0.001), 2),
        "engine_ms_beyond_bare": round(ours["engine_ms"] - bare["engine_ms"], 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.calls", description=__doc__)
    parser.add_argument("--calls", type=int, default=300, help="calls a round")
    parser.add_argument("--rate", type=int, default=50, help="calls begun a second")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with os.fdopen(os.dup(1), "w") as out:
        os.dup2(2, 1)  # progress goes to stderr, figures to stdout
        result = measure(given.calls, given.rate, given.rounds)
        print(json.dumps(result, indent=2) if given.json else _table(result), file=out)
    sys.exit(any(way["failed"] for way in result["ways"]))


def _table(result: dict[str, Any]) -> str:
    columns = ("way", "calls", "failed", "calls_per_second", "asterisk_ms", "engine_ms")
    rows = [columns, *([str(way.get(column, "")) for column in columns] for way in result["ways"])]
    lines = ["  ".join(f"{cell:>16}" for cell in row) for row in rows]
    beyond = result["engine_ms_beyond_bare"]
    return "\n".join(
        [
            *lines,
            f"Asterisk: {result['asterisk_ratio']} times native; engine: {result['engine_ratio']} times the bare loop, "
            f"{beyond} ms a call beyond it (to reach: 1.0)",
        ]
    )


if __name__ == "__main__":
    main()
