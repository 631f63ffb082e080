"""Decisions through Redis, end to end, and how soon another engine leads: ``python -m bench.bus``.

A leader, and two members whose calls arrive and whose operators come free at the stated rate together, each a process.
In the same run: a PING to that Redis, and the same load on a router in the process.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import secrets
import subprocess
import sys
import time
from contextlib import AsyncExitStack

import uvloop

from bench.table import finish, percentiles, show
from ivr import garbage
from routing.bus.redis_client import client
from routing.bus.redis_link import RedisLink
from routing.clock import steady
from routing.dispatcher import Dispatcher
from routing.fleet.fleet import Fleet
from routing.model import Contact, Operator, Queue
from routing.ports import Routing
from routing.router import Router
from tests.redis_server import RedisServer, redis_server
from tests.until import until

QUEUE = Queue("help", ring=5.0)
OPERATORS, BACKLOG = 20, 40
CHANCE = random.Random(1)


class Load:
    """Calls that are answered at once. ``times``: seconds from a decision's cause to the offer.

    ``rate``: calls a second. With ``waiting`` calls always wait, and a decision's cause is an operator who comes free;
    else operators are always free, and it is a call that comes.
    """

    def __init__(self, routing: Routing, engine: str, rate: float, *, waiting: bool) -> None:
        self._routing, self._engine, self._rate, self._waiting = routing, engine, rate, waiting
        self._ids = itertools.count()
        self._free: dict[str, float] = {}
        self.times: list[float] = []
        self.tokens: list[tuple[float, str]] = []

    async def run(self, seconds: float) -> None:
        """For so long."""
        end = time.perf_counter() + seconds
        async with asyncio.TaskGroup() as tasks:
            if self._waiting:
                for _ in range(BACKLOG):
                    tasks.create_task(self._always(end))
            else:
                for number in range(int(seconds * self._rate)):
                    await asyncio.sleep(max(0.0, end - seconds + number / self._rate - time.perf_counter()))
                    tasks.create_task(self._call(0.0))

    async def _always(self, end: float) -> None:
        while time.perf_counter() < end:
            await self._call(OPERATORS / self._rate)

    async def _call(self, talk: float) -> None:
        began = time.perf_counter()
        contact = Contact(f"{self._engine}{next(self._ids)}", "help", time.time())
        async with self._routing.enqueue(contact) as waiting:
            offer = await waiting.offer()
            now = time.perf_counter()
            since = self._free.pop(offer.operator, 0.0) if self._waiting else began
            if since:
                self.times.append(now - since)
            self.tokens.append((time.time(), offer.token))
            waiting.accepted(offer)
            await asyncio.sleep(talk * CHANCE.expovariate(1.0))
            waiting.finished(offer)
            self._free[offer.operator] = time.perf_counter()


def fleet(url: str, name: str) -> Fleet:
    """An engine of the fleet; its tokens name it."""
    tokens = itertools.count()
    return Fleet(RedisLink(url, name), lambda: Router(tokens=lambda: f"{name}-{next(tokens)}"), steady())


def staffed(routing: Routing, name: str, operators: int) -> None:
    """The queue, and operators who are at home here."""
    routing.set_queues([QUEUE])
    for number in range(operators):
        routing.join(Operator(f"{name}{number}", {name: 1}), ready=True)
        routing.ready(f"{name}{number}")


async def engine(url: str, name: str, rate: float, seconds: float) -> None:
    """One process: its figures on stdout at the end, a line ``joined`` before."""
    joined = fleet(url, name)
    async with joined.running():
        staffed(joined.member, name, OPERATORS if rate else 0)
        await until(lambda: joined.joined, 30)
        garbage.settle()
        print("leads" if joined.leads else "joined", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        figures: dict[str, object] = {}
        if rate:
            for waiting in (False, True):
                load = Load(joined.member, name, rate, waiting=waiting)
                pings = asyncio.create_task(ping(url))
                await load.run(seconds)
                pings.cancel()
                figures["freed" if waiting else "came"] = load.times
                figures["pings"] = await asyncio.gather(pings, return_exceptions=False) and PINGS
        else:
            await asyncio.sleep(2 * seconds + 5)
        print(json.dumps(figures), flush=True)


PINGS: list[float] = []


async def ping(url: str) -> bool:
    """Until cancelled: what one question to Redis takes."""
    async with client(url) as redis:
        try:
            while True:
                began = time.perf_counter()
                await redis.ping()
                PINGS.append(time.perf_counter() - began)
                await asyncio.sleep(0.02)
        except asyncio.CancelledError:
            return True


async def embedded(rate: float, seconds: float) -> dict[str, list[float]]:
    """The same on a dispatcher in this process."""
    figures = {}
    for waiting in (False, True):
        dispatcher = Dispatcher(Router(tokens=lambda: secrets.token_hex(8)), steady())
        staffed(dispatcher, "a", OPERATORS)
        async with dispatcher.running():
            load = Load(dispatcher, "a", rate, waiting=waiting)
            await load.run(seconds)
        figures["freed" if waiting else "came"] = load.times
    return figures


class Process:
    """An engine's."""

    def __init__(self, redis: RedisServer, name: str, rate: float, seconds: float) -> None:
        command = [sys.executable, "-m", "bench.bus", "--engine", name, "--url", redis.url]
        command += ["--rate", str(rate), "--seconds", str(seconds)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self) -> str:
        """The next word of it that is not a line of the log."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(("leads", "joined", "{")):
                return line
        raise RuntimeError("an engine has ended")

    def go(self) -> None:
        """Begin."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """At once."""
        self.process.kill()
        self.process.wait(10)


def through_redis(rate: float, seconds: float) -> dict[str, list[float]]:
    """Times of both members, together at ``rate``."""
    found: dict[str, list[float]] = {"came": [], "freed": [], "pings": []}
    with redis_server() as redis:
        leader = Process(redis, "leader", 0, seconds)
        engines = [leader]
        try:
            leader.line()
            engines += [Process(redis, name, rate / 2, seconds) for name in "ab"]
            for member in engines[1:]:
                member.line()
            for each in engines:
                each.go()
            for member in engines[1:]:
                for name, times in json.loads(member.line()).items():
                    found[name] += times
        finally:
            for each in engines:
                each.kill()
    return found


async def after_a_kill() -> float:
    """Seconds from a leader's end to the next one's first offer; calls wait and operators come free all the time."""
    with redis_server() as redis:
        leader = Process(redis, "leader", 0, 60)
        try:
            await asyncio.to_thread(leader.line)
            async with AsyncExitStack() as stack:
                joined = fleet(redis.url, "b")
                await stack.enter_async_context(joined.running())
                staffed(joined.member, "b", OPERATORS)
                load = Load(joined.member, "b", 500, waiting=True)
                loading = asyncio.create_task(load.run(8))
                await until(lambda: bool(load.tokens), 30)
                await asyncio.sleep(1)
                killed = time.time()
                leader.process.kill()
                await loading
                return min(at for at, token in load.tokens if token.startswith("b-")) - killed
        finally:
            leader.kill()


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=float, default=500, help="pairs a second, of both members together")
    options.add_argument("--seconds", type=float, default=20, help="of each kind of load")
    options.add_argument("--kills", type=int, default=5)
    options.add_argument("--json", action="store_true")
    options.add_argument("--engine", help=argparse.SUPPRESS)
    options.add_argument("--url", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.engine:
        uvloop.run(engine(given.url, given.engine, given.rate, given.seconds))
        return
    measured = through_redis(given.rate, given.seconds)
    alone = uvloop.run(embedded(given.rate, given.seconds / 4))
    rows = [
        {"ms": name, **_ms(times), "to reach": bar}
        for name, times, bar in (
            ("call comes -> offer, through Redis", measured["came"], "p99 5"),
            ("operator free -> offer, through Redis", measured["freed"], "p99 5"),
            ("one PING at that Redis meanwhile", measured["pings"], ""),
            ("call comes -> offer, router in the process", alone["came"], ""),
            ("operator free -> offer, router in the process", alone["freed"], ""),
        )
    ]
    show(f"{given.rate:.0f} pairs/s", rows)
    kills = [uvloop.run(after_a_kill()) for _ in range(given.kills)]
    show("a leader is killed", [{"s": "first decision by another", **percentiles(kills), "to reach": "3"}])
    finish({"decisions": rows, "kills": kills}, given.json)


def _ms(times: list[float]) -> dict[str, float]:
    found = percentiles([1000 * each for each in times])
    return {**found, "count": len(times)}


if __name__ == "__main__":
    main()
