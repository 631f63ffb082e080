"""What every way of joining a fleet does: in memory, and by a real Redis."""

import asyncio
import itertools
from contextlib import asynccontextmanager

import pytest

from routing.bus.memory_link import MemoryFleet
from routing.bus.redis_link import RedisLink
from tests.redis_server import redis_server
from tests.station import Recorder
from tests.until import until

LEASE = 0.4
names = itertools.count()


@pytest.fixture(scope="module")
def redis():
    with redis_server() as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
def joined(request):
    """An engine of the fleet, as a context that gives its link and its station."""
    if request.param == "memory":
        fleet = MemoryFleet()
        make = fleet.link
    else:
        url, name = request.getfixturevalue("redis").url, f"fleet{next(names)}"

        def make(engine):
            return RedisLink(url, engine, fleet=name, lease=LEASE)

    @asynccontextmanager
    async def engine(name):
        link, station = make(name), Recorder()
        running = asyncio.create_task(link.run(station))
        try:
            await until(lambda: bool(station.leaders))
            yield link, station
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    return engine


async def test_one_engine_alone_leads_and_tells_itself(joined):
    async with joined("a") as (link, station):
        await until(lambda: station.leads)
        link.tell(b'"hello"')
        await until(lambda: station.told_ == [("a", b'"hello"')])
        link.say(b'"to all"')
        link.say(b'"to a"', "a")
        await until(lambda: station.heard == [b'"to all"', b'"to a"'])


async def test_one_of_several_leads_and_each_hears_what_is_for_it_in_order(joined):
    async with joined("a") as (a, leader), joined("b") as (b, one), joined("c") as (c, two):
        await until(lambda: leader.leads)
        assert not one.leads
        assert not two.leads
        for number in range(50):
            b.tell(b"%d" % number)
            c.tell(b"%d" % (100 + number))
        await until(lambda: len(leader.told_) == 100)
        assert [body for engine, body in leader.told_ if engine == "b"] == [b"%d" % n for n in range(50)]
        assert [body for engine, body in leader.told_ if engine == "c"] == [b"%d" % n for n in range(100, 150)]
        for number in range(50):
            a.say(b"%d" % number, "bc"[number % 2])
        a.say(b'"end"')
        await until(lambda: one.heard[-1:] == two.heard[-1:] == [b'"end"'])
        assert one.heard[:-1] == [b"%d" % n for n in range(0, 50, 2)]
        assert two.heard[:-1] == [b"%d" % n for n in range(1, 50, 2)]


async def test_a_leader_who_goes_is_followed_by_another_in_a_later_epoch(joined):
    async with joined("b") as (_b, one):
        await until(lambda: one.leads)
        first = one.terms[-1]
        async with joined("a") as (_a, two):
            assert two.leaders == [first]
            assert not two.leads
        async with joined("c") as (_c, three):
            assert three.leaders == [first]


async def test_when_the_leader_ends_the_next_leads_and_everybody_is_asked_to_tell_everything(joined):
    async with joined("b") as (b, other):
        async with joined("a") as (_a, _):
            await until(lambda: other.leads)
            epoch = other.terms[-1]
            gone = joined("c")
            _c, third = await gone.__aenter__()
            await until(lambda: third.leaders == [epoch])
            await gone.__aexit__(None, None, None)
        assert other.terms == [epoch]
        b.tell(b'"still there"')
        await until(lambda: other.told_ == [("b", b'"still there"')])


async def test_the_next_leader_hears_nothing_of_what_the_last_was_told(joined):
    leading = joined("a")
    a, first = await leading.__aenter__()
    async with joined("b") as (b, second):
        b.tell(b'"to the first"')
        await until(lambda: first.told_ == [("b", b'"to the first"')])
        await leading.__aexit__(None, None, None)
        assert first.terms[-1] == 0
        await until(lambda: second.leads)
        await until(lambda: second.leaders[-1] == second.terms[-1] > first.terms[0])
        a.say(b'"from the grave"')
        b.tell(b'"to the second"')
        b.say(b'"from the second"')
        await until(lambda: second.told_ == [("b", b'"to the second"')])
        await until(lambda: second.heard[-1:] == [b'"from the second"'])
        assert b'"from the grave"' not in second.heard
