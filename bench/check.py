"""How long ``ivr check`` takes, and in how much memory: ``python -m bench.check``.

The shipped service, and 200 generated flows of 50 nodes beside it, each in a fresh process.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from bench.table import finish, show
from ivr.settings import PROJECT

FLOWS, NODES = 200, 50

REGION = """  line-{number}:
    numbers: [+7 800 100-{tens:02d}-{units:02d}]
    region: moscow
    names: {{ru: Москва, en: Moscow, tt: Мәскәү}}
    time-zone: Europe/Moscow
    languages: [ru, en, tt]
    hours: {{mon-fri: 09:00-21:00, sat: 10:00-16:00}}
    flow: flow-{number}
"""

BLOCK = """  menu-{0}:
    menu: after-status
    keys: {{1: menu-{1}, 2: collect-{0}, 3: welcome, 0: operator}}
    attempts: 2
    otherwise: operator
  collect-{0}: {{collect: snils, section: technical, optional: yes, then: to-{0}}}
  to-{0}:
    queue: technical
    needs: {{technical: 2, language: caller}}
    relax: {{after 60s: {{technical: 1}}, after 180s: {{technical: 0}}, after 300s: {{language: any}}}}
    max-wait: 25m
    then: goodbye
    otherwise: say-{0}
  say-{0}: {{play: nobody-available, then: message}}
"""

FLOW = """dialplan: 1
flow: flow-{number}
steps: 16
start: welcome
rescue: operator
nodes:
  welcome: {{play: welcome, then: legal}}
  legal: {{play: conversation-recorded, then: language}}
  language: {{choose-language: line, then: menu-0}}
  operator: {{queue: general, max-wait: 25m, then: goodbye, otherwise: say-0}}
  message: {{record-message: leave-message, limit: 2m, then: goodbye}}
  goodbye: {{goodbye: goodbye}}
"""


def generate(folder: Path) -> None:
    """A configuration of FLOWS flows with NODES nodes each, every flow on a line of its own."""
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, folder)
    shutil.copytree(PROJECT / "dialplans", folder / "dialplans")
    (folder / "recordings").mkdir()
    (folder / "recordings/prompts").symlink_to(PROJECT / "recordings/prompts")
    regions = (folder / "regions.yaml").read_text("utf-8")
    more = "".join(REGION.format(number=number, tens=number // 100, units=number % 100) for number in range(FLOWS))
    (folder / "regions.yaml").write_text(regions.replace("\nlines:\n", f"\nlines:\n{more}"), "utf-8")
    for number in range(FLOWS):
        blocks = (NODES - 6) // 4
        text = FLOW.format(number=number) + "".join(BLOCK.format(at, (at + 1) % blocks) for at in range(blocks))
        (folder / f"dialplans/flow-{number}.yaml").write_text(text, "utf-8")


def measure(folder: Path) -> dict[str, float]:
    """Seconds of each part of a first check in this process, and its resident memory in MB at the most."""
    from ivr.flow.checks import check  # noqa: PLC0415
    from ivr.flow.prompt_texts import read_prompt_texts  # noqa: PLC0415
    from ivr.flow.service import PROMPTS, load  # noqa: PLC0415

    stamps = [time.perf_counter()]
    service = load(folder)
    stamps.append(time.perf_counter())
    prompts = read_prompt_texts(folder / PROMPTS)
    stamps.append(time.perf_counter())
    problems = check(service, prompts, time.time())
    stamps.append(time.perf_counter())
    assert all(problem.severity != "error" for problem in problems), problems[:3]
    loading, reading, checks = (after - before for before, after in pairwise(stamps))
    nodes = sum(len(flow.nodes) for flow in service.flows.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "flows": len(service.flows),
        "nodes": nodes,
        "loading, s": loading,
        "prompts, s": reading,
        "checks, s": checks,
        "all, s": stamps[-1] - stamps[0],
        "memory, MB": memory,
    }


def measured_apart(folder: Path) -> dict[str, float]:
    """``measure`` in a process of its own."""
    command = [sys.executable, "-m", "bench.check", "--measure", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        generate(Path(temporary))
        figures = {
            "shipped (to reach: 1 s)": measured_apart(PROJECT),
            f"{FLOWS} x {NODES} (10 s, 500 MB)": measured_apart(Path(temporary)),
        }
    show("A first check of a configuration", [{"service": name, **row} for name, row in figures.items()])
    finish(figures, given.json)


if __name__ == "__main__":
    main()
