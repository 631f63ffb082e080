"""Whom a waiting call is offered to, and what becomes of it when they do not take it."""

import asyncio
import json

import pytest

from tests.e2e.conftest import NewCaller, NewOperator
from tests.e2e.hotline import Hotline
from tests.e2e.test_conversation import ask_for_an_operator

pytestmark = pytest.mark.e2e


async def test_no_answer_goes_to_the_next_operator_and_the_first_is_not_ready(
    new_caller: NewCaller, new_operator: NewOperator
) -> None:
    first = await new_operator(do="ring")
    second = await new_operator(do="answer", after=0.1)
    caller = await new_caller()
    await ask_for_an_operator(caller)
    rang = await first.phone.wait("ringing")
    since = (await caller.reaches("ringing"))["waiting_since"]
    assert not any(event.name == "ringing" for event in second.phone.events)
    missed = await first.phone.wait("disconnected")
    taken = await second.phone.wait("answered")
    assert 4 < missed.at - rang.at < 7
    assert taken.at - missed.at < 1.5
    call = await caller.reaches("talking")
    assert call["operator"] == second.id
    now = await first.becomes("not-ready")
    assert now["reason"] == "no-answer"
    await caller.hang_up()
    ticket = await caller.ticket()
    assert ticket["queued_at"] == since or since is not None
    assert ticket["operator"] == second.id
    _says_why(caller.hotline, str(ticket["number"]), first.id, second.id)


def _says_why(line: Hotline, number: str, first: str, second: str) -> None:
    """Both decisions, and what the same router would have decided otherwise."""
    asked, again = json.loads(line.ivr("why", number, "--format", "json"))["decisions"]
    assert (asked["decided"]["operator"], again["decided"]["operator"]) == (first, second)
    assert second in asked["decided"]["eligible"]
    (out,) = [each for each in again["decided"]["ruled_out"] if each["who"] == first]
    assert (out["rule"], out["detail"], out["reason"]) == ("state", "not-ready", "no-answer")
    assert f"offered to {second}" in line.ivr("why", number, "--language", "en")
    assert f"тогда: предложен {second}" in line.ivr("why", number, "--language", "ru", "--if", f"{first} were away")


@pytest.mark.parametrize("code", [603, 486])
async def test_a_decline_goes_to_the_next_operator(code: int, new_caller: NewCaller, new_operator: NewOperator) -> None:
    first = await new_operator(do="code", code=code)
    second = await new_operator(do="answer")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await first.phone.wait("ringing")
    await second.phone.wait("answered")
    assert (await first.becomes("not-ready"))["reason"] == "declined"
    await caller.hang_up()
    assert (await caller.ticket())["operator"] == second.id


async def test_an_unreachable_phone_goes_to_the_next_operator(new_caller: NewCaller, new_operator: NewOperator) -> None:
    first = await new_operator(do="answer")
    second = await new_operator(do="answer")
    await first.phone.unregister()
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await second.phone.wait("answered")
    assert (await first.becomes("not-ready"))["reason"] == "unreachable"
    await caller.hang_up()
    assert (await caller.ticket())["operator"] == second.id


async def test_two_callers_are_served_in_order_of_arrival(new_caller: NewCaller, new_operator: NewOperator) -> None:
    first, second = await new_caller(), await new_caller()
    await ask_for_an_operator(first)
    await first.reaches("queue")
    await ask_for_an_operator(second)
    await second.reaches("queue")
    operator = await new_operator(do="answer")
    await first.reaches("talking")
    assert (await second.call())["stage"] == "queue"
    await first.hang_up()
    await second.reaches("talking")
    await second.hang_up()
    one, two = await asyncio.gather(first.ticket(), second.ticket())
    assert (one["operator"], two["operator"]) == (operator.id, operator.id)
    assert one["queued_at"] < two["queued_at"]
    assert one["answered_at"] < two["answered_at"]


async def test_a_caller_who_gives_up_in_the_queue(new_caller: NewCaller) -> None:
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await caller.reaches("queue")
    await caller.hang_up()
    ticket = await caller.ticket()
    assert ticket["end"] == "abandoned-in-queue"
    assert ticket["operator"] in ("", None)
    (decision,) = (await caller.hotline.ask("GET", f"/tickets/{ticket['number']}/why"))["decisions"]
    assert decision["decided"]["operator"] == ""


async def test_a_caller_who_gives_up_while_it_rings_stops_the_ringing(
    new_caller: NewCaller, new_operator: NewOperator
) -> None:
    operator = await new_operator(do="ring")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await operator.phone.wait("ringing")
    await caller.reaches("ringing")
    gone = await caller.phone.hang_up()
    stopped = await operator.phone.wait("disconnected")
    assert stopped.at - gone.at < 1.0
    assert (await caller.ticket())["end"] == "abandoned-while-ringing"
    assert (await operator.becomes("ready"))["call"] is None
