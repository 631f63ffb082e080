"""The engine told to stop in the midst of calls (an upgrade): nobody loses a place, a word or a ticket."""

import asyncio
import os
import signal
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


async def stopped_and_back(line: Hotline) -> None:
    """SIGTERM, as `kill` sends it, until the next engine serves calls."""
    pid = line.engine_pid()
    os.kill(pid, signal.SIGTERM)
    async with asyncio.timeout(15):
        while processes.alive(pid):
            await asyncio.sleep(0.02)
    await asyncio.to_thread(line.wait_ready)


async def test_waiting_and_talking_go_on_and_each_call_is_one_ticket(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    operator = await new_operator(do="answer")
    talking = await new_caller()
    await ask_for_an_operator(talking)
    talked = await talking.reaches("talking")
    waiting = await new_caller()
    await ask_for_an_operator(waiting)
    before = await waiting.reaches("queue")

    await stopped_and_back(line)
    after = await waiting.reaches("queue", within=15)
    assert (after["ticket"], after["waiting_since"]) == (before["ticket"], before["waiting_since"])
    phones = (waiting.phone, talking.phone, operator.phone)
    assert not [event for phone in phones for event in phone.events if event.name == "disconnected"]

    await talking.hang_up()
    first = await talking.ticket(within=10)
    assert (first["number"], first["end"], first["operator"]) == (talked["ticket"], "answered", operator.id)
    await waiting.reaches("talking", within=20)  # the operator is free of the first caller, and was not before
    await waiting.hang_up()
    second = await waiting.ticket(within=10)
    assert (second["number"], second["end"], second["operator"]) == (before["ticket"], "answered", operator.id)
    went_on = [event["version"] for event in second["events"] if event["type"] in ("started", "resumed")]
    assert len(went_on) == 2 and set(went_on) == {second["version"]}
    assert len(await waiting.tickets()) == len(await talking.tickets()) == 1
