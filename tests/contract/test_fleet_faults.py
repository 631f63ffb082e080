"""A fleet whose leader dies or sleeps, whose network parts, whose Redis goes: nobody is lost, nobody rung twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest

from routing.bus.redis_link import RedisLink
from routing.model import OfferOutcome
from tests.fleet_engine import PaperEngine, Phones
from tests.redis_server import redis_server
from tests.tcp_proxy import TcpProxy
from tests.until import until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def redis():
    with redis_server() as server:
        yield server


@pytest.fixture
async def engines():
    """``await engines(url, name, *operators)``: one more engine, with the phones of all."""
    phones = Phones()
    async with AsyncExitStack() as stack:

        async def joined(url, name, *operators):
            engine = PaperEngine(RedisLink(url, name, lease=0.4), operators, phones)
            await stack.enter_async_context(engine.running())
            await until(lambda: engine.fleet.joined and engine.member.queues() != [])
            return engine

        joined.phones = phones
        yield joined


async def test_while_redis_is_away_each_engine_serves_its_callers_with_its_own_operators(redis, engines):
    a, b = await engines(redis.url, "a", "op1"), await engines(redis.url, "b", "op2")
    await until(lambda: a.state("op2") == b.state("op1") == "ready")
    talking = a.call("before")
    await until(lambda: talking.rings != [])
    talking.answer()
    redis.stop()
    await until(lambda: a.fleet.alone != "" and b.fleet.alone != "", 8)
    here, there = a.call("here"), b.call("there")
    home = {"op1": here, "op2": there}
    busy = talking.rings[0]
    free = next(id for id in home if id != busy)
    await until(lambda: home[free].rings == [free])
    assert home[busy].rings == []
    home[free].answer()
    redis.start()
    await until(lambda: a.fleet.joined and b.fleet.joined, 8)
    await until(lambda: {a.state("op1"), a.state("op2"), b.state("op1"), b.state("op2")} == {"talking"})
    talking.end()
    await until(lambda: home[busy].rings == [busy])
    assert engines.phones.clashes == []


async def test_an_engine_that_is_cut_off_serves_its_own_and_nobody_else_rings_them(redis, engines):
    async with TcpProxy(redis.port).running() as proxy:
        a, b = await engines(redis.url, "a", "op1"), await engines(proxy.url, "b", "op2")
        await until(lambda: a.state("op2") == "ready" and b.state("op1") == "ready")
        proxy.cut()
        await until(lambda: a.state("op2") == "offline", 8)
        await until(lambda: b.fleet.alone != "", 8)
        ours, more, theirs = a.call("ours", waited=2), a.call("more"), b.call("theirs")
        await until(lambda: ours.rings == ["op1"] and theirs.rings == ["op2"])
        assert more.rings == []
        theirs.answer()
        proxy.heal()
        await until(lambda: b.fleet.joined and a.state("op2") == "talking", 8)
        theirs.end()
        await until(lambda: more.rings == ["op2"])
        assert engines.phones.clashes == []


async def test_a_leader_that_is_cut_off_is_followed_and_serves_its_own_until_it_is_back(redis, engines):
    async with TcpProxy(redis.port).running() as proxy:
        a = await engines(proxy.url, "a", "op1")
        await until(lambda: a.fleet.leads)
        b = await engines(redis.url, "b", "op2")
        await until(lambda: a.state("op2") == "ready" and b.state("op1") == "ready")
        proxy.cut()
        await until(lambda: b.fleet.leads and a.fleet.alone != "", 8)
        ours, theirs, more = a.call("ours"), b.call("theirs", waited=2), b.call("more")
        await until(lambda: ours.rings == ["op1"] and theirs.rings == ["op2"])
        assert b.state("op1") == "offline"
        proxy.heal()
        await until(lambda: a.fleet.joined and not a.fleet.leads, 8)
        ours.answer()
        await until(lambda: b.state("op1") == "talking")
        ours.end()
        await until(lambda: more.rings == ["op1"])
        assert engines.phones.clashes == []


@pytest.mark.parametrize("seed", range(int(os.environ.get("IVR_FLEET_SEEDS", "1"))))
async def test_whatever_goes_and_comes_back_every_caller_is_served_once(redis, engines, seed):
    chance = random.Random(seed)
    names = "abc"
    crew = [await engines(redis.url, name, f"{name}1", f"{name}2") for name in names]
    calls = []

    async def caller(engine, id):
        call = engine.call(id)
        calls.append(call)
        while not call.talked:
            await until(lambda: call.offer is not None, 30)
            await asyncio.sleep(chance.uniform(0, 0.05))
            if chance.random() < 0.2:
                asked = len(call.rings)
                call.fails(OfferOutcome.NO_ANSWER)
                await until(lambda asked=asked: call.offer is None or len(call.rings) > asked)
                refused = call.rings[asked - 1]
                crew[names.index(refused[0])].member.ready(refused)  # the operator, where they are at home
            else:
                call.answer()
                await until(lambda: call.talked)
        await asyncio.sleep(chance.uniform(0, 0.1))
        call.end()

    async def mischief():
        for _ in range(3):
            await asyncio.sleep(chance.uniform(0.2, 0.6))
            redis.stop() if chance.random() < 0.5 else redis.freeze()
            await asyncio.sleep(chance.choice((0.2, 1.0, 3.5)))
            redis.stop()
            redis.start()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(mischief())
        for number in range(60):
            tasks.create_task(caller(chance.choice(crew), f"c{number}"))
            await asyncio.sleep(chance.uniform(0, 0.1))
    assert [call.contact.id for call in calls if not call.talked] == []
    assert engines.phones.clashes == []
    await until(lambda: {engine.state(f"{name}1") for engine in crew for name in names} <= {"ready", "not-ready"}, 8)


class Process:
    """An engine in a process of its own, and what it said: ``said`` has (time, words)."""

    def __init__(self, redis, name, *operators):
        command = [sys.executable, "-m", "tests.fleet_process", redis.url, "fleet", name, *operators]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def do(self, *words):
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()

    def signal(self, number):
        self._process.send_signal(number)

    def heard(self, *words):
        return any(line[: len(words)] == list(words) for _, line in self.said)

    def sees(self, state):
        """Whether it believes now that an operator's state is this, as ``op1=ready``."""
        operators = self.last("operators")
        return operators is not None and state in operators[1].split(",")

    def last(self, first):
        return next((line for _, line in reversed(self.said) if line[0] == first), None)

    def end(self):
        self._process.kill()
        self._process.wait(10)
        self._reading.join(10)
        self._process.stdin.close()
        self._process.stdout.close()

    def _read(self):
        for line in self._process.stdout:
            if line.startswith("SAYS "):
                _, at, *words = line.split()
                self.said.append((float(at), words))


@contextmanager
def process(redis, name, *operators):
    engine = Process(redis, name, *operators)
    try:
        yield engine
    finally:
        engine.end()


async def test_a_leader_who_slept_past_its_lease_rings_nobody(redis):
    with process(redis, "a") as a:
        await until(lambda: a.heard("leads"), 10)
        with process(redis, "b", "op1") as b:
            await until(lambda: a.sees("op1=ready") and b.sees("op1=ready"), 10)
            a.signal(signal.SIGSTOP)
            a.do("call", "early")  # it will be told of a call as it wakes, and believe that op1 is free
            await until(lambda: b.heard("leads"), 10)
            b.do("call", "ours")
            await until(lambda: b.heard("rings", "op1", "ours"), 10)
            b.do("answer", "ours")
            a.signal(signal.SIGCONT)
            await until(lambda: a.last("follows") is not None and a.sees("op1=talking"), 10)
            assert not a.heard("rings", "op1")
            b.do("end", "ours")
            await until(lambda: a.heard("rings", "op1", "early"), 10)


async def test_when_the_leader_is_killed_another_decides_and_keeps_everybodys_place(redis):
    with process(redis, "a") as a:
        await until(lambda: a.heard("leads"), 10)
        with process(redis, "b", "op1") as b, process(redis, "c") as c:
            await until(lambda: all(each.sees("op1=ready") for each in (a, b, c)), 10)
            c.do("call", "talks")
            await until(lambda: c.heard("rings", "op1", "talks"))
            c.do("answer", "talks")
            await until(lambda: b.sees("op1=talking"))
            b.do("call", "second", "5")
            c.do("call", "first", "9")
            a.signal(signal.SIGKILL)
            await until(lambda: b.heard("leads") or c.heard("leads"), 10)
            c.do("end", "talks")
            await until(lambda: c.heard("rings", "op1", "first"), 10)
            assert not b.heard("rings")
