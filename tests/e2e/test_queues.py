"""Queues that are closed, and queues that overflow, on real calls: nobody is left to the music of an empty room."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.caller import Caller
from tests.e2e.conftest import NewCaller, NewOperator
from tests.e2e.hotline import Hotline, hotline
from tests.e2e.queue_file import changed

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
            text = changed(text, name, says)
        queues.write_text(text)
        payments = running.config / "dialplans/payments.yaml"  # a closed queue calls nobody back
        payments.write_text(payments.read_text().replace("callback: payments", "callback: general"))
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


def where_it_is_noon() -> str:
    """A time zone in which no midnight is near."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


@pytest.mark.timeout(300)
async def test_who_waits_when_the_queue_closes_is_led_out_when_nobody_is_on_duty(
    line: Hotline, new_caller: NewCaller
) -> None:
    """By the real clock: the queue closes at the next minute that leaves time to come to it."""
    zone = where_it_is_noon()
    closes = (datetime.now(ZoneInfo(zone)) + timedelta(seconds=80)).replace(second=0, microsecond=0)
    hours = f"{{daily: {closes - timedelta(hours=3):%H:%M}-{closes:%H:%M}}}"
    queues = line.config / "queues.yaml"
    queues.write_text(changed(queues.read_text(), "payments", f"{{time-zone: {zone}, hours: {hours}}}"))
    assert "is live" in await asyncio.to_thread(line.ivr, "reload")
    caller = await new_caller()
    await presses(caller, "130")
    assert (await caller.reaches("queue", within=20))["queue"] == "payments"
    assert datetime.now(UTC) < closes, "it waits already when the queue closes"
    await caller.hears("nobody-available", within=90)
    assert datetime.now(UTC) >= closes
    await caller.hang_up()
    ticket = await caller.ticket(within=10)
    assert ticket["queue"] == "payments"
    left = [event["why"] for event in ticket["events"] if event["type"] == "queue-left"]
    assert left == ["closed"]
