"""What dies comes back by itself, and callers keep their place. A hotline of its own: these tests are rough with it."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.e2e import processes
from tests.e2e.conftest import NewCaller, NewOperator
from tests.e2e.hotline import Hotline, hotline
from tests.e2e.test_conversation import ask_for_an_operator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def line() -> Iterator[Hotline]:
    with hotline() as running:
        yield running


async def back(line: Hotline) -> None:
    """Until the hotline says again that it is ready; it must have noticed that it is not."""
    await asyncio.to_thread(line.wait_ready)


async def test_a_killed_engine_loses_no_waiting_caller(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    caller = await new_caller()
    await ask_for_an_operator(caller)
    before = await caller.reaches("queue")
    await asyncio.to_thread(processes.kill, line.engine_pid())
    await back(line)
    after = await caller.reaches("queue", within=15)
    assert after["waiting_since"] == before["waiting_since"]
    assert after["ticket"] == before["ticket"]
    assert not any(event.name == "disconnected" for event in caller.phone.events)
    operator = await new_operator(do="answer")
    await operator.phone.wait("answered")
    await caller.reaches("talking")
    await caller.hang_up()
    ticket = await caller.ticket()
    assert (ticket["number"], ticket["end"]) == (before["ticket"], "answered")
    assert ticket["operator"] == operator.id


async def test_a_conversation_outlives_a_killed_engine(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    operator = await new_operator(do="answer")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    before = await caller.reaches("talking")
    await asyncio.to_thread(processes.kill, line.engine_pid())
    await back(line)
    assert not any(event.name == "disconnected" for event in (*caller.phone.events, *operator.phone.events))
    await caller.hang_up()
    await operator.phone.wait("disconnected")
    ticket = await caller.ticket(within=10)
    assert (ticket["number"], ticket["end"], ticket["operator"]) == (before["ticket"], "answered", operator.id)
    assert ticket["talk_seconds"] > 0


async def test_a_killed_asterisk_comes_back_and_the_ticket_says_interrupted(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    lost = await new_caller()
    await ask_for_an_operator(lost)
    await lost.reaches("queue")
    await asyncio.to_thread(processes.kill, line.asterisk_pid())
    ticket = await lost.ticket(within=15)
    assert ticket["end"] == "interrupted"
    await back(line)
    operator = await new_operator(do="answer")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await operator.phone.wait("answered")
    await caller.reaches("talking")
    await caller.hang_up()
    assert (await caller.ticket())["end"] == "answered"
