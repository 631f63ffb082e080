"""A citizen and an operator speak: they are joined, hear each other, are recorded, and a ticket tells of it."""

import asyncio
from pathlib import Path

import pytest

from ivr.speech import Groups
from tests.e2e import hearing
from tests.e2e.caller import Caller
from tests.e2e.conftest import NewCaller, NewOperator
from tests.e2e.hotline import Hotline

pytestmark = pytest.mark.e2e

LOW, HIGH = 440.0, 1000.0


async def ask_for_an_operator(caller: Caller) -> None:
    """To the general queue: the language, then 0."""
    await caller.dial()
    await caller.press("10")


async def test_both_hear_each_other_and_are_recorded(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator, tmp_path: Path
) -> None:
    operator = await new_operator(do="ring")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    ringing = await operator.phone.wait("ringing")
    await caller.reaches("ringing")
    await operator.phone.answer()
    call = await caller.reaches("talking")
    assert call["operator"] == operator.id
    await caller.hears("conversation-recorded", first=0.8)
    await caller.phone.say(hearing.write(tmp_path / "low.wav", hearing.tone(LOW, 1.5)))
    await operator.phone.say(hearing.write(tmp_path / "high.wav", hearing.tone(HIGH, 1.5)))
    await until_heard(caller.phone.heard(), HIGH)
    await until_heard(operator.phone.heard(), LOW)
    await caller.hang_up()
    await operator.phone.wait("disconnected", call=1)

    ticket = await caller.ticket()
    assert (ticket["end"], ticket["operator"], ticket["queue"]) == ("answered", operator.id, "general")
    assert 1 <= ticket["talk_seconds"] < 10
    assert 0 <= ticket["wait_seconds"] < 10
    assert "main.operator" in ticket["path"]
    recorded = hearing.read(line.recordings / ticket["recording"])
    assert hearing.seconds_of_tone(recorded, LOW) > 0.3 or hearing.seconds_of_tone(recorded, HIGH) > 0.3
    assert ticket["recording"].count("/") == 3  # YYYY/MM/DD/
    assert ringing.header("From")


async def test_after_the_operator_hangs_up_the_caller_hears_the_request_number_and_rates_the_talk(
    new_caller: NewCaller, new_operator: NewOperator
) -> None:
    operator = await new_operator(do="answer", after=0.2)
    caller = await new_caller()
    await ask_for_an_operator(caller)
    call = await caller.reaches("talking")
    await caller.hears("conversation-recorded", first=0.8)
    await operator.phone.hang_up()
    await caller.hears("your-ticket-number", first=0.9, number=Groups((str(call["ticket"])[:2],)))
    await caller.hears("rate-call")
    await caller.press("5")
    await caller.hears("rating-kept", first=0.7)
    await caller.hears("goodbye")
    await caller.phone.wait("disconnected")
    ticket = await caller.ticket()
    assert (ticket["end"], ticket["number"], ticket["rating"]) == ("answered", call["ticket"], 5)


async def test_the_number_of_the_request_is_told_while_waiting(new_caller: NewCaller) -> None:
    caller = await new_caller()
    await ask_for_an_operator(caller)
    call = await caller.reaches("queue")
    await caller.hears("please-hold")
    await caller.press("5")
    await caller.hears("your-ticket-number", first=0.9, number=Groups((str(call["ticket"])[:2],)))
    await caller.hang_up()


async def until_heard(recording: Path, frequency: float, seconds: float = 0.4, within: float = 8.0) -> None:
    """Wait until so much of the tone is in the recording."""
    async with asyncio.timeout(within):
        while hearing.seconds_of_tone(hearing.read(recording), frequency) < seconds:
            await asyncio.sleep(0.1)
