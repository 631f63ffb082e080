"""Files changed under calls: what is broken is noticed by nobody on the line, what is sound serves the next call."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator

import pytest

from tests.e2e.conftest import NewCaller, NewOperator
from tests.e2e.hotline import Hotline, hotline
from tests.e2e.queue_file import changed
from tests.e2e.test_conversation import ask_for_an_operator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

BAD = ("flow: [main\n", "flow: main\nstart: nowhere\n", "", "flow: main\nflow: main\n")


@pytest.fixture(scope="module")
def line() -> Iterator[Hotline]:
    with hotline() as running:
        yield running


async def configuration(line: Hotline, says: str) -> str:
    """What `ivr status` tells of the configuration, once it tells this; the hotline is ready all the while."""
    for _ in range(60):
        told = json.loads(await asyncio.to_thread(line.ivr, "status", "--format", "json"))
        assert told["ready"]
        (words,) = (str(check["words"]) for check in told["checks"] if check["name"] == "configuration")
        if says in words:
            return words
    raise AssertionError(f"the configuration never became {says!r}: {words}; {line.said()}")


def version_of(ticket: dict[str, object]) -> object:
    events = ticket["events"]
    assert isinstance(events, list)
    return next(event["version"] for event in events if event["type"] == "started")


async def test_bad_files_change_nothing_and_good_ones_serve_the_next_call(line: Hotline, new_caller: NewCaller) -> None:
    flow, queues = line.config / "dialplans/main.yaml", line.config / "queues.yaml"
    sound, first = flow.read_text(), (await configuration(line, "is live")).split()[1]
    waiting = await new_caller()
    await ask_for_an_operator(waiting)
    before = await waiting.reaches("queue")
    for bad in BAD:
        flow.write_text(bad)
        assert "main.yaml" in await configuration(line, "the last good one is live")
        caller = await new_caller()
        await ask_for_an_operator(caller)
        await caller.reaches("queue")
        await caller.hang_up()
        assert version_of(await caller.ticket(within=10)) == first
        flow.write_text(sound)
        await configuration(line, f"version {first} is live")
    queues.write_text(queues.read_text().replace("ring: 5s", "ring: 6s"))
    for _ in range(60):
        if (second := (await configuration(line, "is live")).split()[1]) != first:
            break
    newer = await new_caller()
    await ask_for_an_operator(newer)
    await newer.reaches("queue")
    assert (await waiting.reaches("queue"))["waiting_since"] == before["waiting_since"], "its place is kept"
    await newer.hang_up()
    await waiting.hang_up()
    assert version_of(await newer.ticket(within=10)) == second
    assert version_of(await waiting.ticket(within=10)) == first
    assert first in await asyncio.to_thread(line.ivr, "rollback", "--why", "too long")
    assert "ring: 5s" in queues.read_text()
    last = await new_caller()
    await ask_for_an_operator(last)
    await last.hang_up()
    assert version_of(await last.ticket(within=10)) == first


async def test_who_waits_in_a_queue_that_goes_keeps_the_time_or_is_led_on_with_words(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    """First the queue's node leads to another queue, then there is no such node: nobody is left to the music."""
    technical, account = (line.config / f"dialplans/{section}.yaml" for section in ("technical", "account"))
    queues = line.config / "queues.yaml"
    shutil.rmtree(line.config / "dialplans/tests")  # the shipped example calls come to both queues
    queues.write_text(queues.read_text().replace(", overflow: general, overflow-after: 10m", ""))
    assert "is live" in await asyncio.to_thread(line.ivr, "reload")
    moved, leaving = await new_caller(), await new_caller()
    for caller, keys in ((moved, "1510"), (leaving, "1520")):
        await caller.dial()
        await caller.press(keys)
    waited = [await caller.reaches("queue") for caller in (moved, leaving)]
    assert [call["queue"] for call in waited] == ["technical", "account"]

    technical.write_text(to_general(technical.read_text(), "technical"))
    queues.write_text(changed(queues.read_text(), "technical", None))
    assert "is live" in await asyncio.to_thread(line.ivr, "reload")
    call = await moved.reaches("queue")
    assert (call["queue"], call["waiting_since"]) == ("general", waited[0]["waiting_since"])

    account.write_text(to_general(account.read_text(), "account").replace("to-account", "to-somebody"))
    queues.write_text(changed(queues.read_text(), "account", None))
    assert "is live" in await asyncio.to_thread(line.ivr, "reload")
    await leaving.hears("nobody-available", within=15)
    assert (await moved.reaches("queue"))["queue"] == "general"

    operator = await new_operator(do="answer")
    await moved.reaches("talking")
    await moved.hang_up()
    await leaving.hang_up()
    ticket = await moved.ticket(within=10)
    assert (ticket["operator"], ticket["queue"], ticket["end"]) == (operator.id, "general", "answered")
    why = [event["why"] for event in ticket["events"] if event["type"] == "queued" and "why" in event]
    assert len(why) == 1 and why[0].startswith("version ")
    left = (await leaving.ticket(within=10))["events"]
    assert [event["why"] for event in left if event["type"] == "queue-left"] == ["closed"]


def to_general(flow: str, name: str) -> str:
    """The flow, with whatever it did with that queue done with the general one."""
    return re.sub(rf"(queue|callback|tell-wait): {name}\b", r"\1: general", flow)
