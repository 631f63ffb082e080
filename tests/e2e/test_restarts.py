"""What dies comes back by itself, and callers keep their place. A hotline of its own: these tests are rough with it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr.speech import Groups
from tests.e2e import hearing, processes
from tests.e2e.caller import Caller
from tests.e2e.conftest import NewCaller, NewOperator
from tests.e2e.hotline import Hotline, hotline
from tests.e2e.operators import Operator
from tests.e2e.test_conversation import HIGH, LOW, ask_for_an_operator, until_heard
from tests.e2e.test_identification import CONFIRM, SNILS, at_the_snils_question

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def line() -> Iterator[Hotline]:
    with hotline() as running:
        yield running


async def back(line: Hotline) -> None:
    """Until the hotline says again that it is ready; it must have noticed that it is not."""
    await asyncio.to_thread(line.wait_ready)


async def hear_each_other(caller: Caller, operator: Operator, folder: Path) -> None:
    """A tone comes through from either side."""
    await caller.phone.say(hearing.write(folder / "low.wav", hearing.tone(LOW, 1.5)))
    await operator.phone.say(hearing.write(folder / "high.wav", hearing.tone(HIGH, 1.5)))
    await until_heard(caller.phone.heard(), HIGH)
    await until_heard(operator.phone.heard(), LOW)


def spoken(line: Hotline, ticket: dict[str, Any]) -> float:
    """Seconds of those tones in the recording."""
    recorded = hearing.read(line.recordings / ticket["recording"])
    return max(hearing.seconds_of_tone(recorded, LOW), hearing.seconds_of_tone(recorded, HIGH))


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
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator, tmp_path: Path
) -> None:
    operator = await new_operator(do="answer")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    before = await caller.reaches("talking")
    await asyncio.to_thread(processes.kill, line.engine_pid())
    await back(line)
    assert not any(event.name == "disconnected" for event in (*caller.phone.events, *operator.phone.events))
    await hear_each_other(caller, operator, tmp_path)
    await caller.hang_up()
    await operator.phone.wait("disconnected")
    ticket = await caller.ticket(within=10)
    assert (ticket["number"], ticket["end"], ticket["operator"]) == (before["ticket"], "answered", operator.id)
    assert ticket["talk_seconds"] > 0
    assert spoken(line, ticket) > 0.3, "what was said without an engine is recorded"


async def test_a_phone_that_rings_as_the_engine_dies_rings_again_for_the_same_caller(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    operator = await new_operator(do="ring")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await operator.phone.wait("ringing", call=1)
    before = await caller.reaches("ringing")
    await asyncio.to_thread(processes.kill, line.engine_pid())
    await back(line)
    await operator.phone.wait("ringing", call=2, within=20)
    await operator.phone.answer()
    await caller.reaches("talking")
    await caller.hang_up()
    ticket = await caller.ticket()
    assert (ticket["number"], ticket["end"], ticket["operator"]) == (before["ticket"], "answered", operator.id)


async def test_an_operator_who_picks_up_while_no_engine_is_there_talks_to_the_caller(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator, tmp_path: Path
) -> None:
    operator = await new_operator(do="ring")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await operator.phone.wait("ringing", call=1)
    before = await caller.reaches("ringing")
    await asyncio.to_thread(processes.kill, line.engine_pid())
    await operator.phone.answer()
    await hear_each_other(caller, operator, tmp_path)
    await back(line)
    await operator.becomes("talking")
    await operator.phone.hang_up()
    await caller.hears("your-ticket-number", first=0.9, number=Groups((str(before["ticket"])[:2],)))
    await caller.hang_up()
    ticket = await caller.ticket(within=10)
    assert (ticket["number"], ticket["end"], ticket["operator"]) == (before["ticket"], "answered", operator.id)
    assert ticket["talk_seconds"] >= 1
    assert spoken(line, ticket) > 0.3


async def test_a_caller_who_hangs_up_on_a_conversation_that_no_engine_saw(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator, tmp_path: Path
) -> None:
    operator = await new_operator(do="ring")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await operator.phone.wait("ringing", call=1)
    before = await caller.reaches("ringing")
    await asyncio.to_thread(processes.kill, line.engine_pid())
    await operator.phone.answer()
    await hear_each_other(caller, operator, tmp_path)
    await caller.hang_up()
    await back(line)
    ticket = await caller.ticket(within=10)
    assert (ticket["number"], ticket["end"], ticket["operator"]) == (before["ticket"], "answered", operator.id)
    assert spoken(line, ticket) > 0.3


async def test_a_caller_who_keys_an_entry_is_asked_for_it_again(line: Hotline, new_caller: NewCaller) -> None:
    caller = await new_caller()
    await at_the_snils_question(caller)
    await caller.press(SNILS[:4])
    before = await caller.call()
    await asyncio.to_thread(processes.kill, line.engine_pid())
    await back(line)
    await caller.hears("snils-ask", within=20)
    await caller.press(SNILS)
    await caller.hears("snils-confirm", first=0.7, **CONFIRM)
    await caller.press("1")
    await caller.reaches("queue")
    await caller.hang_up()
    ticket = await caller.ticket()
    assert (ticket["number"], ticket["end"]) == (before["ticket"], "abandoned-in-queue")
    assert [each["kind"] for each in ticket["identification"]] == ["snils"]


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
