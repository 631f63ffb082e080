"""The router beside the plain scan of tests, through random days with every rule on: ``python -m bench.oracle``.

Ends with status 1 at the first decision that differs.
"""

from __future__ import annotations

import argparse
import time

from bench.table import finish, show
from tests.unit.routing.days import day

KINDS = ((12, 4), (3, 25), (6, 40), (30, 10))
"""Operators, and how often an offer comes to nothing."""

EVENTS = 10_000
"""A day's."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--events", type=int, default=1_000_000)
    args = parser.parse_args()
    began, offers, days = time.perf_counter(), 0, -(-args.events // EVENTS)
    for seed in range(days):
        operators, refusals = KINDS[seed % len(KINDS)]
        offers += len(day(1000 + seed, EVENTS, operators, refusals).tokens)
    figures = {"events": days * EVENTS, "offers": offers, "divergences": 0, "s": round(time.perf_counter() - began)}
    show("router and oracle", [figures])
    finish({"oracle": figures}, args.json)


if __name__ == "__main__":
    main()
