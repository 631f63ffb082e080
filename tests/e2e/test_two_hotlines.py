"""Two hotlines on one machine do not see each other; one whose recordings have no room still serves."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.prompts.catalogue import Catalogue
from tests.e2e.caller import caller, tickets_of
from tests.e2e.conftest import NewCaller
from tests.e2e.hotline import Hotline, hotline
from tests.e2e.operators import operator
from tests.e2e.test_conversation import ask_for_an_operator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def test_two_hotlines_side_by_side_and_no_room_for_recordings(
    line: Hotline, prompts: Catalogue, new_caller: NewCaller, stack: AsyncExitStack, tmp_path: Path
) -> None:
    with hotline() as second:
        this_year = datetime.now(UTC).strftime("%Y")
        (second.recordings / this_year).write_text("a file where the folder of this year should be")
        here = await new_caller()
        await here.dial()
        there = await stack.enter_async_context(caller(tmp_path / "there", second, prompts))
        serving = await stack.enter_async_context(operator(tmp_path / "serving", second))
        await serving.phone.on_ring("answer")
        await serving.ready()
        await ask_for_an_operator(there)
        await there.reaches("talking")
        await there.hang_up()
        ticket = await there.ticket()
        assert (ticket["end"], ticket["operator"]) == ("answered", serving.id)
        assert not ticket["recording"]
        assert ticket["unrecorded"]
        await here.hang_up()
        await here.ticket()
        assert (len(await here.tickets()), len(await there.tickets())) == (1, 1)
        assert await tickets_of(second, here.number) == await tickets_of(line, there.number) == []
        await stack.aclose()
