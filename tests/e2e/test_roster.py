"""A roster that changes under calls: who waits is offered to whom it makes able, who talks goes on talking."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.e2e.conftest import NewCaller, NewOperator
from tests.e2e.hotline import RING, Hotline, configuration, configured
from tests.e2e.operators import Operator
from tests.e2e.test_conversation import ask_for_an_operator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotline]:
    """Its phones ring for longer than a change takes to go live on a busy machine."""
    config = configuration(tmp_path_factory.mktemp("roster") / "config")
    queues = config / "queues.yaml"
    queues.write_text(queues.read_text().replace(f"ring: {RING}", "ring: 60s"))
    with configured(config) as running:
        yield running


async def says(line: Hotline, operator: Operator, words: str) -> None:
    """The roster says this of the operator, and that is live."""
    roster = line.config / "operators.yaml"
    others = [each for each in roster.read_text().splitlines() if not each.startswith(f"  {operator.id}:")]
    roster.write_text("\n".join([*others, f"  {operator.id}: {words}", ""]))
    await asyncio.to_thread(line.ivr, "reload")


async def test_a_change_of_the_roster_holds_at_once(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    operator = await new_operator({"language.en": 5}, do="ring")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await caller.reaches("queue")
    assert (await operator.now())["state"] == "ready", "free, but who waits speaks Russian"

    await says(line, operator, "{languages: [ru]}")
    await operator.phone.wait("ringing", within=10)
    now = await operator.now()
    assert (now["skills"], now["rostered"]) == ({"language.ru": 5}, True)

    await says(line, operator, "{languages: [en], queues: [technical]}")
    await operator.phone.answer()
    assert (await caller.reaches("talking"))["operator"] == operator.id, "what rang is answered"
    await caller.hang_up()
    assert (await caller.ticket())["operator"] == operator.id
    await operator.becomes("ready")

    later = await new_caller()
    await ask_for_an_operator(later)
    await later.reaches("queue")
    assert (await operator.now())["state"] == "ready"
    await says(line, operator, "{languages: [ru]}")
    await operator.becomes("offered")
    await later.hang_up()


async def test_who_the_roster_takes_off_duty_takes_no_further_call(
    line: Hotline, new_caller: NewCaller, new_operator: NewOperator
) -> None:
    operator = await new_operator(do="answer")
    caller = await new_caller()
    await ask_for_an_operator(caller)
    await caller.reaches("talking")
    roster = line.config / "operators.yaml"
    never = "shifts:\n  never: {time-zone: Europe/Moscow, hours: {2020-01-01: 09:00-10:00}}\n"
    roster.write_text(roster.read_text().replace("shifts:\n", never, 1))
    await says(line, operator, "{languages: [ru], shifts: [never]}")
    assert (await operator.now())["not_ready_after_call"] == "shift-over"
    await caller.hang_up()
    assert (await operator.becomes("not-ready"))["reason"] == "shift-over"
