"""What engines of one fleet owe each other's callers and operators: in memory, and by a real Redis."""

import itertools
from contextlib import asynccontextmanager

import pytest

from routing.bus.memory_link import MemoryFleet
from routing.bus.redis_link import RedisLink
from routing.model import OfferOutcome, Queue
from tests.fleet_engine import PaperEngine
from tests.redis_server import redis_server
from tests.until import until

names = itertools.count()


@pytest.fixture(scope="module")
def redis():
    with redis_server() as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
def engine(request):
    """``async with engine(name, *operators)``: one more engine of the test's fleet, once it knows its leader."""
    if request.param == "memory":
        make = MemoryFleet().link
    else:
        url, name = request.getfixturevalue("redis").url, f"fleet{next(names)}"

        def make(engine):
            return RedisLink(url, engine, fleet=name, lease=0.4)

    @asynccontextmanager
    async def joined(name, *operators):
        async with PaperEngine(make(name), operators).running() as engine:
            await until(lambda: engine.fleet.joined and engine.member.queues() != [])
            yield engine

    return joined


async def test_a_call_of_one_engine_rings_an_operator_of_another_who_is_free_again_afterwards(engine):
    async with engine("a", "op1") as a, engine("b") as b:
        call = b.call("c1")
        await until(lambda: call.rings == ["op1"])
        await until(lambda: a.state("op1") == b.state("op1") == "offered")
        call.answer()
        await until(lambda: a.state("op1") == b.state("op1") == "talking")
        call.end()
        await until(lambda: a.state("op1") == b.state("op1") == "ready")


async def test_who_waits_longest_is_next_whatever_their_engine(engine):
    async with engine("a") as a, engine("b") as b:
        late, early = a.call("1", waited=5), b.call("1", waited=50)
        await until(lambda: sum(queue.waiting for queue in a.member.queues()) == 2)
        a.member.ready("op1")
        await until(lambda: early.rings == ["op1"])
        assert late.rings == []
        early.answer()
        early.end()
        await until(lambda: late.rings == ["op1"])


async def test_who_does_not_answer_is_not_ready_and_the_next_is_asked(engine):
    async with engine("a", "op1") as a, engine("b") as b:
        call = b.call("c1")
        await until(lambda: call.rings == ["op1"])
        call.fails(OfferOutcome.NO_ANSWER)
        await until(lambda: a.state("op1") == "not-ready")
        assert call.rings == ["op1"]
        b.member.ready("op2")
        await until(lambda: call.rings == ["op1", "op2"])


async def test_a_caller_who_hangs_up_frees_the_operator(engine):
    async with engine("a", "op1") as a, engine("b") as b:
        call = b.call("c1")
        await until(lambda: call.rings == ["op1"])
        await call.hang_up()
        await until(lambda: a.state("op1") == "ready")


async def test_a_queue_that_closes_turns_callers_of_every_engine_away(engine):
    async with engine("a") as a, engine("b") as b:
        call = b.call("c1")
        await until(lambda: sum(queue.waiting for queue in a.member.queues()) == 1)
        for each in (a, b):
            each.member.set_queues([Queue("help", open=False)])
        await until(lambda: bool(call.turned_away))


@pytest.fixture
def fleet_of_three(engine):
    """Three engines, the first of which leads; op1 and op2 are at home at the second."""

    @asynccontextmanager
    async def three():
        first = engine("a")
        a = await first.__aenter__()
        await until(lambda: a.fleet.leads)
        async with engine("b", "op1", "op2") as b, engine("c") as c:
            yield lambda: first.__aexit__(None, None, None), b, c

    return three


async def test_after_a_leader_goes_nobody_is_lost_and_nobody_is_offered_twice(fleet_of_three):
    async with fleet_of_three() as (leader_goes, b, c):
        talking = c.call("talks", waited=9)
        await until(lambda: talking.rings != [])
        talking.answer()
        ringing = b.call("rings", waited=8)
        await until(lambda: ringing.rings != [])
        waiting, younger = c.call("waits", waited=7), b.call("younger", waited=3)
        await until(lambda: sum(queue.waiting for queue in b.member.queues()) == 2)
        await leader_goes()
        await until(lambda: b.fleet.leads or c.fleet.leads)
        await until(lambda: b.state(talking.rings[0]) == "talking" and b.state(ringing.rings[0]) == "not-ready")
        assert waiting.rings == younger.rings == []
        ringing.fails(OfferOutcome.WITHDRAWN)
        await until(lambda: waiting.rings == ringing.rings)
        talking.end()
        await until(lambda: younger.rings == talking.rings)
        waiting.answer()
        await until(lambda: b.state(waiting.rings[0]) == c.state(waiting.rings[0]) == "talking")


async def test_who_asked_for_a_break_while_it_rang_has_it_under_the_next_leader(fleet_of_three):
    async with fleet_of_three() as (leader_goes, b, c):
        ringing = c.call("rings")
        await until(lambda: ringing.rings != [])
        (operator,) = ringing.rings
        b.member.not_ready(operator, "lunch")
        await until(lambda: c.reason(operator) == "lunch")
        await leader_goes()
        await until(lambda: (b.fleet.leads or c.fleet.leads) and b.state(operator) == "not-ready")
        await ringing.hang_up()
        waiting = c.call("waits")
        await until(lambda: waiting.rings != [])
        assert operator not in waiting.rings
        assert b.reason(operator) == "lunch"


async def test_a_phone_that_rings_while_the_leader_changes_may_be_answered(fleet_of_three):
    async with fleet_of_three() as (leader_goes, b, c):
        ringing = c.call("rings")
        await until(lambda: ringing.rings != [])
        await leader_goes()
        await until(lambda: b.fleet.leads or c.fleet.leads)
        ringing.answer()
        await until(lambda: b.state(ringing.rings[0]) == c.state(ringing.rings[0]) == "talking")
        ringing.end()
        await until(lambda: b.state(ringing.rings[0]) == c.state(ringing.rings[0]) == "ready")


async def test_operators_of_an_engine_that_goes_are_offered_nothing_until_ready_elsewhere(engine):
    async with engine("a") as a:
        async with engine("b", "op1"):
            await until(lambda: a.state("op1") == "ready")
        await until(lambda: a.state("op1") == "offline")
        call = a.call("c1")
        a.member.ready("op1")
        await until(lambda: call.rings == ["op1"])


async def test_an_engine_that_comes_back_has_its_operators_again(engine):
    async with engine("a") as a:
        async with engine("b", "op1"):
            await until(lambda: a.state("op1") == "ready")
        await until(lambda: a.state("op1") == "offline")
        async with engine("b", "op1"):
            await until(lambda: a.state("op1") == "ready")
            call = a.call("c1")
            await until(lambda: call.rings == ["op1"])


async def test_a_change_of_an_operator_is_kept_where_they_are_at_home_alone(engine):
    async with engine("a", "op1") as a, engine("b") as b:
        await until(lambda: b.state("op1") == "ready")
        b.member.not_ready("op1", "lunch")
        await until(lambda: [(c.operator, c.reason) for c in a.kept][-1:] == [("op1", "lunch")])
        assert b.kept == []


async def test_a_call_is_offered_only_to_those_whose_phone_its_engine_can_ring(engine):
    async with engine("a", "op1") as a, engine("b") as b:
        b.member.leave("op1")
        here, there = b.call("here", waited=9), a.call("there")
        await until(lambda: there.rings == ["op1"])
        assert here.rings == []
        b.member.ready("op2")
        await until(lambda: here.rings == ["op2"])


async def test_whoever_is_away_with_their_engine_is_not_on_duty_for_the_others(engine):
    async with engine("a") as a:
        async with engine("b", "op1"):
            await until(lambda: a.member.on_duty({}))
        await until(lambda: not a.member.on_duty({}))
