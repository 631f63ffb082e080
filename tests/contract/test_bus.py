"""What every bus does. A new one is added to ``BUSES``."""

import asyncio

import pytest

from routing.bus import Notice
from routing.bus.memory import MemoryBus

BUSES = {"memory": MemoryBus}


@pytest.fixture(params=sorted(BUSES))
def bus(request):
    return BUSES[request.param]()


async def read(subscription, count: int) -> list[Notice]:
    return [await anext(aiter(subscription)) for _ in range(count)]


async def test_notices_come_in_order_to_everybody_who_asked_for_their_topic(bus):
    async with bus.subscribe("operators") as one, bus.subscribe("operators", "queues") as two:
        bus.publish("operators", {"operator": "anna", "since": 1.5})
        bus.publish("queues", {"queue": "q"})
        bus.publish("operators", {"operator": "olga", "since": 2.5})
        assert [n.message["operator"] for n in await read(one, 2)] == ["anna", "olga"]
        assert [n.topic for n in await read(two, 3)] == ["operators", "queues", "operators"]


async def test_publishing_to_nobody_is_harmless_and_nothing_old_is_delivered(bus):
    bus.publish("queues", {"queue": "early"})
    async with bus.subscribe("queues") as subscription:
        bus.publish("queues", {"queue": "late"})
        assert await read(subscription, 1) == [Notice("queues", {"queue": "late"})]


async def test_a_slow_reader_loses_the_oldest_and_knows_how_many(bus):
    async with bus.subscribe("queues", limit=3) as slow, bus.subscribe("queues") as quick:
        for number in range(5):
            bus.publish("queues", {"number": number})
        assert [n.message["number"] for n in await read(slow, 3)] == [2, 3, 4]
        assert slow.lost == 2
        assert len(await read(quick, 5)) == 5
        assert quick.lost == 0


async def test_a_reader_is_woken_by_a_notice_and_ends_with_its_context(bus):
    async with bus.subscribe("queues") as subscription:
        reader = asyncio.create_task(read(subscription, 1))
        await asyncio.sleep(0)
        bus.publish("queues", {"queue": "q"})
        assert await reader == [Notice("queues", {"queue": "q"})]
        rest = asyncio.create_task(anext(aiter(subscription), None))
        await asyncio.sleep(0)
    assert await rest is None


async def test_a_message_is_what_it_was_when_it_was_published(bus):
    async with bus.subscribe("queues") as subscription:
        message = {"queue": "q"}
        bus.publish("queues", message)
        message["queue"] = "changed"
        assert (await read(subscription, 1))[0].message == {"queue": "q"}
