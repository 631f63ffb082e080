"""What callers notice of changes going live: ``python -m bench.reload``.

The shipped service, and the scripted call beside it, at 50 calls a second, a minute each time: *undisturbed*; *bad*: a
file that cannot go live is written every second; *good*: one that can, so that the service is swapped as often as it
can be examined. A call has failed when SIPp says so, or when it left no right ticket.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench import cpu, table, tickets
from bench.calls import SETTLE
from bench.hotline import PROJECT, Hotline, hotline
from bench.probes import PROBES, probed

NUMBER = "+78005553999"
LINE = f"""
  steps:
    numbers: [{NUMBER}]
    region: bench
    names: {{en: Benchmark}}
    time-zone: Europe/Moscow
    languages: [en]
    hours: 24/7
    flow: steps
"""
BAD = (
    ("dialplans/main.yaml", "flow: [main\n"),
    ("dialplans/federal.yaml", ""),
    ("queues.yaml", "queues: {}\n"),
    ("dialplans/steps.yaml", "dialplan: 1\nflow: steps\nstart: nowhere\nrescue: nowhere\nnodes: {}\n"),
)
"""What cannot be parsed, what is empty, what leaves a queue out, what leads nowhere."""

WAYS = ("undisturbed", "bad", "good")
BAR = "none failed, p99 as undisturbed"


def whole_service(folder: Path) -> Path:
    """The shipped configuration with one line more, whose flow is the scripted call."""
    folder.mkdir()
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, folder)
    shutil.copytree(PROJECT / "dialplans", folder / "dialplans")
    shutil.copytree(PROJECT / "recordings/prompts", folder / "recordings/prompts")
    shutil.copy(PROJECT / "bench/config/dialplans/steps.yaml", folder / "dialplans")
    regions = (PROJECT / "regions.yaml").read_text()
    (folder / "regions.yaml").write_text(regions.replace("\nlines:\n", f"\nlines:{LINE}", 1))
    return folder


def edits(way: str, config: Path) -> Iterator[tuple[Path, str]]:
    """File after file with what to write there; without end."""
    queues = (config / "queues.yaml").read_text()
    good = ((config / "queues.yaml", queues.replace("ring: 20s", f"ring: {ring}s")) for ring in (21, 22, 23))
    bad = ((config / name, text) for name, text in BAD)
    return itertools.cycle({"undisturbed": (), "bad": bad, "good": good}[way])


async def disturb(way: str, config: Path) -> None:
    """One write a second until cancelled, what was written before put right; then the folder is as it was."""
    for path, text in edits(way, config):
        sound = path.read_text()
        try:
            path.write_text(text)
            await asyncio.sleep(1)
        finally:
            path.write_text(sound)


async def minute(it: Hotline, folder: Path, way: str, rate: int, seconds: int) -> dict[str, float | str]:
    """What came of the calls of one minute, disturbed in this ``way``."""
    machine, said, engine = cpu.Machine.now(), len(it.said()), cpu.spent(it.engine)
    right, others = tickets.right(it), tickets.otherwise(it)
    work = asyncio.create_task(disturb(way, it.settings.config))
    try:
        found = await probed(it, folder, NUMBER, rate, seconds)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    busy, spent = cpu.Machine.now().share_since(machine), cpu.spent(it.engine) - engine
    await asyncio.sleep(SETTLE)
    calls, told = (rate - PROBES) * seconds + found.probes, it.said()[said:]
    reactions = table.percentiles(found.reactions)
    return {
        "calls": calls,
        "failed": calls - min(found.real.made + found.probes, tickets.right(it) - right),
        "why": _why(found.real.why, tickets.otherwise(it) - others),
        "refused": told.count("configuration-refused"),
        "swapped": told.count("configuration-live"),
        **{f"{name} ms": reactions[name] * 1000 for name in ("p50", "p99", "worst")},
        "engine ms a call": spent * 1000 / calls,
        "machine busy": busy,
    }


def _why(sipp: Mapping[str, int], tickets: Mapping[str, int]) -> str:
    """SIPp's words and the tickets', each with how often."""
    return "; ".join(f"{many} {why}" for why, many in (*sipp.items(), *tickets.items())) or "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=50, help="calls a second")
    parser.add_argument("--seconds", type=int, default=60, help="of each minute")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="the figures too")
    given = parser.parse_args()
    machine, rows = cpu.words(), []
    with tempfile.TemporaryDirectory(prefix="kommutator-sipp-") as folder:
        config = whole_service(Path(folder) / "config")
        with hotline(config, NUMBER) as it:
            asyncio.run(minute(it, Path(folder), "undisturbed", given.rate, 5))  # what is made once belongs to none
            for number, way in itertools.product(range(given.rounds), WAYS):
                print(f"round {number + 1} of {given.rounds}: {way}", file=sys.stderr)
                rows.append({"way": way, **asyncio.run(minute(it, Path(folder), way, given.rate, given.seconds))})
    print(machine)
    table.show(f"{given.rate} calls a second for {given.seconds} s each; key to next command; bar: {BAR}", rows)
    table.finish({"machine": machine, "minutes": rows}, given.json)


if __name__ == "__main__":
    main()
