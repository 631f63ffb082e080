"""Queues that are closed, and queues that overflow, on real calls: nobody is left to the music of an empty room."""

import asyncio
import re
import shutil
from collections.abc import Iterator

import pytest

from tests.e2e.caller import Caller
from tests.e2e.conftest import NewCaller, NewOperator
from tests.e2e.hotline import Hotline, hotline

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

SHUT = "time-zone: Europe/Moscow, hours: {2020-01-01: 09:00-10:00}"
CHANGES = {
    "technical": f"{{{SHUT}, overflow: general}}",
    "account": "{ring: 5s, wrap-up: 1s, overflow: general, overflow-after: 3s}",
    "payments": f"{{{SHUT}}}",
}


@pytest.fixture(scope="module")
def line() -> Iterator[Hotline]:
    with hotline() as running:
        shutil.rmtree(running.config / "dialplans/tests")  # they call at hours at which all of these are open
        queues = running.config / "queues.yaml"
        text = queues.read_text()
        for name, says in CHANGES.items():
            text = re.sub(rf"  {name}: .*", f"  {name}: {says}", text)
        queues.write_text(text)
        assert "is live" in running.ivr("reload")
        yield running


async def presses(caller: Caller, keys: str) -> None:
    await caller.dial()
    await caller.press(keys)


async def test_a_closed_queue_leads_the_call_on_with_its_own_words(line: Hotline, new_caller: NewCaller) -> None:
    caller = await new_caller()
    await presses(caller, "130")
    await caller.hears("nobody-available", within=20)
    await caller.hang_up()
    ticket = await caller.ticket(within=10)
    assert (ticket["queue"], ticket["section"], ticket["wait_seconds"]) == ("", "payments", None)


async def test_a_closed_queue_that_overflows_lets_the_call_wait_there(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    caller = await new_caller()
    await presses(caller, "1510")
    assert (await caller.reaches("queue", within=20))["queue"] == "general"
    operator = await new_operator(do="answer")
    assert (await caller.reaches("talking"))["operator"] == operator.id
    await caller.hang_up()
    ticket = await caller.ticket(within=10)
    assert (ticket["queue"], ticket["section"], ticket["end"]) == ("general", "technical", "answered")


async def test_who_has_waited_long_enough_goes_over_with_their_time(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    caller = await new_caller()
    await presses(caller, "1520")
    waits = await caller.reaches("queue", within=20)
    assert waits["queue"] == "account"
    async with asyncio.timeout(20):
        while (now := await caller.call())["queue"] != "general":
            await asyncio.sleep(0.1)
    assert now["waiting_since"] == waits["waiting_since"]
    await new_operator(do="answer")
    await caller.reaches("talking")
    await caller.hang_up()
    ticket = await caller.ticket(within=10)
    queued = [(event["queue"], event.get("why", "")) for event in ticket["events"] if event["type"] == "queued"]
    assert queued == [("account", ""), ("general", "overflow")]
