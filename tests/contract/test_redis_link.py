"""What befalls a link at a Redis: cancelled at any moment; a Redis that hangs, dies, forgets; a leader replaced."""

import asyncio
import contextlib
import itertools
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from routing.bus.redis_link import RedisLink
from tests.redis_server import redis_server
from tests.station import Recorder
from tests.until import until

LEASE = 0.4
names = itertools.count()


@pytest.fixture
def redis():
    with redis_server() as server:
        yield server


@asynccontextmanager
async def joined(redis, engine, fleet="fleet"):
    link, station = RedisLink(redis.url, engine, fleet=fleet, lease=LEASE), Recorder()
    running = asyncio.create_task(link.run(station))
    try:
        yield link, station
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_link_ends_at_whatever_moment_it_is_cancelled(redis):
    for moment in range(60):
        link = RedisLink(redis.url, "a", fleet=f"fleet{moment}", lease=LEASE)
        running = asyncio.create_task(link.run(Recorder()))
        for _ in range(moment):
            await asyncio.sleep(0)
        running.cancel()
        ended, _ = await asyncio.wait({running}, timeout=5)
        assert ended, f"cancelled after {moment} turns of the loop, it goes on"
        with contextlib.suppress(asyncio.CancelledError):
            running.result()


async def test_a_redis_that_hangs_is_told_as_lost_and_its_return_as_a_leader(redis):
    async with joined(redis, "a") as (link, station):
        await until(lambda: station.leads and station.leaders)
        before = station.terms[-1]
        redis.freeze()
        await until(lambda: bool(station.lost_))
        assert station.terms[-1] == 0
        redis.thaw()
        await until(lambda: station.leads)
        assert station.terms[-1] > before
        await until(lambda: station.leaders[-1] == station.terms[-1])
        link.tell(b'"again"')
        await until(lambda: station.told_ == [("a", b'"again"')])


async def test_a_redis_that_comes_back_without_memory_goes_on_in_a_later_epoch(redis):
    async with joined(redis, "a") as (_, one), joined(redis, "b") as (link, two):
        await until(lambda: (one.leads or two.leads) and one.leaders != [] != two.leaders)
        before = max(one.leaders + two.leaders)
        redis.stop()
        await until(lambda: one.lost_ and two.lost_)
        assert not one.leads
        assert not two.leads
        redis.start()
        await until(lambda: one.leads != two.leads)
        await until(lambda: one.leaders[-1] == two.leaders[-1] > before)
        link.tell(b'"here"')
        await until(lambda: (one if one.leads else two).told_ == [("b", b'"here"')])


async def test_what_a_leader_says_after_it_was_replaced_reaches_nobody(redis):
    async with joined(redis, "a") as (stale, first):
        await until(lambda: first.leads)
        async with joined(redis, "b") as (_, second), Redis.from_url(redis.url) as other:
            await until(lambda: bool(second.leaders))
            # The lease is another's, and the first has not heard of it: as after a pause of its process.
            await other.set("fleet:leader", f"{first.terms[-1] + 1}:b", px=60_000)
            stale.say(b'"to all"')
            await until(lambda: not first.leads)
            await other.xadd("fleet:out", {"epoch": first.terms[0] + 1, "leader": "b"})
            await until(lambda: second.leaders[-1] == first.terms[0] + 1)
            assert first.heard == second.heard == []
