import asyncio
from contextlib import asynccontextmanager, suppress
from typing import ClassVar

from ivr.operators import OperatorDirectory
from ivr.shifts import Shifts
from ivr.tickets.operators import Operators
from routing.dispatcher import Dispatcher
from routing.events import OperatorStateChanged
from routing.model import Contact
from routing.model import OperatorState as State
from routing.router import Router
from tests.until import until

ANNA = {"id": "anna", "name": "Анна Ёлкина", "skills": {"technical": 3, "language.ru": 5}, "password": "correct horse"}


async def _add(rig, **changes):
    return await rig.ask("POST", "/api/v1/operators", json={**ANNA, **changes})


async def test_an_added_operator_has_a_row_a_place_in_the_routing_and_a_phone(rig):
    status, anna, response = await _add(rig)
    assert status == 201
    assert (anna["id"], anna["state"], anna["reason"], anna["phone_registered"]) == ("anna", "not-ready", "new", False)
    assert "password" not in await response.text() and "ha1" not in anna
    assert rig.phones.known == ["anna"]
    assert [view.id for view in rig.dispatcher.operators()] == ["anna"]
    assert [each.id for each in await Operators(rig.database).list()] == ["anna"]


async def test_ready_operators_get_calls_and_not_ready_says_why(rig):
    await _add(rig)
    status, anna, _ = await rig.ask("POST", "/api/v1/operators/anna/ready", "operator")
    assert (status, anna["state"]) == (200, "ready")
    async with rig.dispatcher.enqueue(Contact("c1", "technical", 0.0, {"technical": 2})) as waiting:
        offer = await waiting.offer()
        assert offer.operator == "anna"
        (anna,) = (await rig.get("/api/v1/operators"))["operators"]
        assert (anna["state"], anna["call"]) == ("offered", "c1")
        (queue,) = (await rig.get("/api/v1/queues"))["queues"]
        assert (queue["name"], queue["offered"], queue["open"]) == ("technical", 1, True)
    status, anna, _ = await rig.ask("POST", "/api/v1/operators/anna/not-ready", "operator", json={"reason": "обед"})
    assert (anna["state"], anna["reason"]) == ("not-ready", "обед")


async def test_change_and_remove(rig):
    await _add(rig)
    status, anna, _ = await rig.ask("PATCH", "/api/v1/operators/anna", json={"skills": {"payments": 1}})
    assert (status, anna["skills"], anna["name"]) == (200, {"payments": 1}, ANNA["name"])
    assert dict(rig.dispatcher.operators()[0].skills) == {"payments": 1}
    assert (await rig.ask("DELETE", "/api/v1/operators/anna"))[0] == 204
    assert rig.phones.known == rig.dispatcher.operators() == await Operators(rig.database).list() == []


async def test_an_id_is_given_once_and_nothing_of_the_second_is_kept(rig):
    await _add(rig)
    status, answer, _ = await _add(rig, name="Other")
    assert (status, answer["type"]) == (409, "/api/problems/operator-exists")
    assert (await rig.get("/api/v1/operators/anna"))["name"] == ANNA["name"]


async def test_an_operator_nobody_knows(rig):
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "A"}),
        ("DELETE", "", None),
        ("POST", "/ready", None),
        ("POST", "/not-ready", {"reason": "lunch"}),
    ):
        status, answer, _ = await rig.ask(method, f"/api/v1/operators/nobody{path}", json=body)
        assert (status, answer["type"]) == (404, "/api/problems/operator-unknown"), (method, path)


async def test_asterisk_away_loses_no_operator_and_is_told_later(rig, database, dispatcher, phones):
    directory = OperatorDirectory(Operators(database), dispatcher, phones, retry=0.01)
    phones.fails = ConnectionError("no manager interface")
    await directory.add("anna", "Anna", {}, "correct horse")
    assert not directory.published
    async with running(directory):
        phones.fails = None
        await until(lambda: directory.published)
    assert phones.known == ["anna"]


async def test_states_outlive_a_restart(database, phones, dispatcher):
    store = Operators(database)
    states = Shifts(store)
    first = OperatorDirectory(store, Dispatcher(Router([], tokens=lambda: "t"), on_operator=states.remember), phones)
    for id in ("anna", "boris", "vera"):
        await first.add(id, id, {}, "correct horse")
    async with running(states):
        first.ready("anna")
        first.not_ready("boris", "обед")
        await until(lambda: states.settled)
        await first.remove("vera")
    second = OperatorDirectory(store, dispatcher, phones)
    await second.load()
    now = {view.id: (view.state, view.reason) for view in dispatcher.operators()}
    assert now == {"anna": (State.READY, ""), "boris": (State.NOT_READY, "обед")}


async def test_a_conversation_costs_no_write_and_a_stop_loses_no_state():
    class Counted:
        writes: ClassVar[list[str]] = []

        async def set_state(self, operator, state, reason="", since=None):
            self.writes.append(f"{operator} {state} {reason}".strip())

    shifts = Shifts(Counted())
    async with running(shifts):
        for at, state in enumerate((State.READY, State.OFFERED, State.TALKING, State.AFTER_CALL, State.READY)):
            shifts.remember(OperatorStateChanged("anna", state, "", at))
            await until(lambda: shifts.settled)
        shifts.remember(OperatorStateChanged("anna", State.NOT_READY, "обед", 9.0))
    assert Counted.writes == ["anna ready", "anna not-ready обед"]


@asynccontextmanager
async def running(service):
    task = asyncio.create_task(service.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
