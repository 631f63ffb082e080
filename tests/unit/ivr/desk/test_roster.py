"""The roster and the database make one operator: what the files say holds at once, whatever the operator is doing."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

from ivr.flow.hours import read_hours
from ivr.flow.roster import Rostered
from ivr.flow.zoned import Zoned
from ivr.flowtest.clock import VirtualLoop
from ivr.operators import OperatorDirectory
from ivr.rota import Rota
from ivr.tickets.operators import Operators
from routing.model import Contact, OperatorState
from tests.until import until

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = Zoned(read_hours({"daily": "08:00-20:00"}), MOSCOW)
QUEUES = ("technical", "payments")
MORNING = 1_795_000_000.0
"""Wednesday, 2026-11-18 14:06:40 in Moscow."""

ANNA = {"id": "anna", "name": "Анна", "skills": {"payments": 1}, "password": "correct horse"}


def person(id="anna", queues=None, shifts=None, **skills):
    served = None if queues is None else frozenset(queues)
    return {id: Rostered(id, {**skills, "language.ru": 5}, served, shifts or {})}


async def add(rig, **changes):
    return await rig.ask("POST", "/api/v1/operators", json={**ANNA, **changes})


async def test_the_rosters_skills_go_before_the_databases_and_come_back_when_it_knows_the_operator_no_more(rig):
    await add(rig)
    rig.services.operators.follow(person(technical=2), QUEUES)
    anna = await rig.get("/api/v1/operators/anna")
    assert (anna["skills"], anna["rostered"]) == ({"technical": 2, "language.ru": 5}, True)
    rig.services.operators.follow({}, QUEUES)
    anna = await rig.get("/api/v1/operators/anna")
    assert (anna["skills"], anna["rostered"]) == ({"payments": 1}, False)


async def test_a_caller_who_waits_is_offered_to_whom_the_roster_makes_able(rig):
    await add(rig)
    rig.services.operators.ready("anna")
    async with rig.dispatcher.enqueue(Contact("c1", "technical", 0.0, {"technical": 2})) as waiting:
        assert waiting.made() is None
        rig.services.operators.follow(person(technical=2), QUEUES)
        assert (await waiting.offer()).operator == "anna"


async def test_skills_that_change_while_a_phone_rings_hold_from_the_next_call_on(rig):
    await add(rig, skills={"technical": 2})
    rig.services.operators.ready("anna")
    async with rig.dispatcher.enqueue(Contact("c1", "technical", 0.0, {"technical": 2})) as waiting:
        offer = await waiting.offer()
        rig.services.operators.follow(person(payments=2), QUEUES)
        waiting.accepted(offer)
        assert rig.dispatcher.operators()[0].state is OperatorState.TALKING, "the call that is there goes on"
    async with rig.dispatcher.enqueue(Contact("c2", "technical", 0.0, {"technical": 2})) as waiting:
        assert waiting.made() is None
        async with rig.dispatcher.enqueue(Contact("c3", "technical", 0.0, {"payments": 2})) as other:
            assert (await other.offer()).operator == "anna"


async def test_skills_of_somebody_on_the_roster_are_not_given_to_the_database(rig):
    rig.services.operators.follow(person(technical=2), QUEUES)
    status, answer, _ = await add(rig)
    assert status == 422
    assert "что этот оператор умеет, сказано в operators.yaml: меняйте там" in answer["errors"][0]["detail"]
    _, answer, _ = await rig.ask("POST", "/api/v1/operators", json=ANNA, headers={"Accept-Language": "en"})
    assert "operators.yaml says what they know: change it there" in answer["errors"][0]["detail"]
    status, anna, _ = await add(rig, skills={})
    assert (status, anna["skills"]) == (201, {"technical": 2, "language.ru": 5})
    status, _, _ = await rig.ask("PATCH", "/api/v1/operators/anna", json={"skills": {"payments": 1}})
    assert status == 422
    status, anna, _ = await rig.ask("PATCH", "/api/v1/operators/anna", json={"name": "Anna"})
    assert (status, anna["name"]) == (200, "Anna")


async def test_a_queue_that_an_operator_does_not_serve_gives_them_no_calls(rig):
    await add(rig)
    operators = rig.services.operators
    operators.follow(person(queues=["payments"], technical=2, payments=2), QUEUES)
    operators.ready("anna")
    assert operators.demand("payments", {"payments": 1}) == {"payments": 1}, "everybody serves it: nothing is asked"
    needs = operators.demand("technical", {"technical": 1})
    async with rig.dispatcher.enqueue(Contact("c1", "technical", 0.0, needs)) as waiting:
        assert waiting.made() is None
        operators.follow(person(technical=2, payments=2), QUEUES)
        assert (await waiting.offer()).operator == "anna"


async def test_a_shift_that_is_over_ends_after_the_call_that_is_there(rig):
    await add(rig, skills={"technical": 2})
    operators = rig.services.operators
    operators.ready("anna")
    async with rig.dispatcher.enqueue(Contact("c1", "technical", 0.0, {"technical": 2})) as waiting:
        waiting.accepted(await waiting.offer())
        operators.shift_over(["anna", "nobody"])
        assert (await rig.get("/api/v1/operators/anna"))["not_ready_after_call"] == "shift-over"
    await until(lambda: rig.dispatcher.operators()[0].state is OperatorState.NOT_READY)
    assert (await rig.get("/api/v1/operators/anna"))["reason"] == "shift-over"


async def test_who_is_not_ready_anyway_keeps_the_reason(rig):
    await add(rig)
    rig.services.operators.not_ready("anna", "обед")
    rig.services.operators.shift_over(["anna"])
    assert (await rig.get("/api/v1/operators/anna"))["reason"] == "обед"


def test_each_shift_is_over_once_in_its_minute():
    loop, over = VirtualLoop(), []
    rota = Rota(lambda: MORNING + loop.time(), lambda ids: over.append((round(loop.time()), *ids)))
    rota.follow(person(shifts={"day": DAY}) | person("boris"))

    async def two_days():
        await asyncio.wait({asyncio.ensure_future(rota.run())}, timeout=2 * 86400)

    try:
        loop.run_until_complete(two_days())
        for task in asyncio.all_tasks(loop):
            task.cancel()
            loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    finally:
        loop.close()
    first = (20 * 60 - (14 * 60 + 6)) * 60 - 40
    assert over == [(first, "anna"), (first + 86400, "anna")]


def test_a_roster_that_ends_somebodys_shift_ends_it_at_once_and_a_restart_ends_nobodys():
    over = []
    rota = Rota(lambda: MORNING, over.extend)
    night = {"night": Zoned(read_hours({"daily": "20:00-08:00"}), MOSCOW)}
    rota.follow(person(shifts=night))
    assert over == [], "who worked on when the engine stopped works on"
    rota.follow(person(shifts={"day": DAY}))
    rota.follow(person(shifts=night))
    rota.follow(person(shifts=night))
    assert over == ["anna"]


async def test_somebody_of_the_database_alone_is_as_it_says(database, dispatcher, phones):
    directory = OperatorDirectory(Operators(database), dispatcher, phones)
    directory.follow(person("boris", technical=5), QUEUES)
    await directory.add("anna", "Anna", {"payments": 3}, "correct horse")
    assert dispatcher.operators()[0].skills == {"payments": 3, "queue.technical": 1, "queue.payments": 1}
