"""Example calls a second on one core: the shipped ones, over and over, on the real session and router.

Rounds differ by the machine's noise; ``core had`` is the share of the round in which this process had a core.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import time

import structlog

from bench.table import finish, show
from ivr.flow.service import PROMPTS, load
from ivr.flowtest.loading import load_examples
from ivr.flowtest.runner import run_examples
from ivr.flowtest.said import Named
from ivr.prompts.catalogue import Catalogue
from ivr.settings import PROJECT

BAR = 5000
"""Calls a second to reach."""


def rounds(count: int, repeats: int) -> list[dict[str, float]]:
    """Calls a second of each round, by the clock and by the CPU that was spent."""
    service = load(PROJECT)
    prompts = Named(Catalogue.load(PROJECT / PROMPTS, PROJECT / "nothing-rendered"))
    examples = load_examples(PROJECT, service)
    run_examples(service, prompts, examples)
    figures = []
    for _ in range(count):
        wall, spent = time.perf_counter(), time.process_time()
        verdicts = run_examples(service, prompts, examples * repeats)
        wall, spent = time.perf_counter() - wall, time.process_time() - spent
        assert not any(verdict.failures for verdict in verdicts)
        calls = len(verdicts)
        figures.append({"calls/s": calls / wall, "calls per CPU second": calls / spent, "core had": spent / wall})
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=20, help="of all shipped example calls in a round")
    given = parser.parse_args()
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=silent, cache_logger_on_first_use=True)
    figures = rounds(given.rounds, given.repeats)
    show(f"example calls on one core; to reach: {BAR} calls/s", figures)
    speeds = [row["calls/s"] for row in figures]
    summary = {"median": statistics.median(speeds), "least": min(speeds), "most": max(speeds), "to reach": BAR}
    show("calls/s", [summary])
    finish({"rounds": figures, "calls/s": summary}, given.json)


if __name__ == "__main__":
    main()
