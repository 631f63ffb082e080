"""Who calls, told by the keypad: SNILS right, wrong and skipped; a request's status by its number."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.speech import Day, Groups, Text
from tests.e2e.caller import Caller
from tests.e2e.conftest import NewCaller
from tests.e2e.hotline import Hotline

pytestmark = pytest.mark.e2e

SNILS = "11223344595"
CONFIRM = {"digits": Groups(("112", "233", "445", "95"))}


async def at_the_snils_question(caller: Caller) -> None:
    """Of the section for technical questions, through each menu on the way."""
    await caller.dial()
    await caller.press("1")
    for menu, key in (("main", "5"), ("other-matters", "1"), ("section-technical", "1"), ("answer-site-fault", "1")):
        await caller.hears(menu)
        await caller.press(key)
    await caller.hears("snils-ask")


async def test_a_right_snils_is_read_back_and_kept_masked(new_caller: NewCaller) -> None:
    caller = await new_caller()
    await at_the_snils_question(caller)
    await caller.press(SNILS)
    await caller.hears("snils-confirm", first=0.7, **CONFIRM)
    for group in ("112", "233", "445", "95"):
        (said,) = caller.prompts.say("snils-confirm", "ru", digits=Groups((group,)))[1:2]
        await caller.hears_speech((said,), group, first=2.0)
    await caller.press("1")
    await caller.reaches("queue")
    await caller.hang_up()

    ticket = await caller.ticket()
    (identified,) = ticket["identification"]
    assert identified["kind"] == "snils"
    assert identified["masked"].endswith("95")
    assert SNILS not in re.sub(r"\D", "", str(identified))
    assert SNILS not in str(ticket)
    assert ticket["end"] == "abandoned-in-queue"


async def test_keyed_digits_are_in_no_file_and_no_log(line: Hotline, new_caller: NewCaller) -> None:
    examples = _holding_the_snils(line)  # the admin's example calls, whose versions are kept
    caller = await new_caller()
    await at_the_snils_question(caller)
    await caller.press(SNILS)
    await caller.hears("snils-confirm", first=0.7, **CONFIRM)
    await caller.press("1")
    await caller.reaches("queue")
    await caller.hang_up()
    assert (await caller.ticket())["identification"]
    assert _holding_the_snils(line) == examples


def _holding_the_snils(line: Hotline) -> set[Path]:
    files = [line.log, *(path for path in line.state.rglob("*") if path.is_file() and not path.is_symlink())]
    holding = {path for path in files if SNILS.encode() in path.read_bytes()}
    assert all(path.is_relative_to(line.state / "versions") for path in holding)
    return holding


async def test_wrong_length_and_wrong_check_are_told_apart_and_three_failures_go_on(new_caller: NewCaller) -> None:
    caller = await new_caller()
    await at_the_snils_question(caller)
    await caller.press("1122#")
    await caller.hears("snils-wrong-length")
    await caller.hears("snils-ask")
    await caller.press("11223344596")
    await caller.hears("snils-wrong-check")
    await caller.hears("snils-ask")
    await caller.press("11223344597")
    await caller.hears("entry-failed")
    await caller.reaches("queue")
    await caller.hang_up()
    ticket = await caller.ticket()
    assert ticket["identification"] == []
    assert ticket["unidentified"] == "failed"
    assert ticket["section"] == "technical"


async def test_snils_may_be_skipped(new_caller: NewCaller) -> None:
    caller = await new_caller()
    await at_the_snils_question(caller)
    await caller.press("#")
    await caller.reaches("queue")
    await caller.hang_up()
    assert (await caller.ticket())["unidentified"] == "skipped"


async def test_the_status_of_a_request_is_told_by_its_number(new_caller: NewCaller) -> None:
    first, second = await new_caller(), await new_caller()
    await first.dial()
    await first.hang_up()
    number = str((await first.ticket())["number"])

    await second.dial()
    await second.press("1")
    await second.hears("main")
    await second.press("1")
    await second.hears("ticket-number-ask")
    await second.press(number + "#")
    await second.hears("ticket-number-confirm", first=0.7, digits=Groups((number[:2],)))
    await second.press("1")
    today = datetime.now(ZoneInfo("Europe/Moscow")).date()
    await second.hears("request-status", first=0.9, status=Text("принято"), changed=Day(today))
    await second.press("#")
    await second.hears("after-status")
    await second.press("3")
    await second.hears("goodbye")
    await second.phone.wait("disconnected")
    ticket = await second.ticket()
    assert ticket["end"] == "completed"


async def test_a_mistyped_request_number_is_caught(new_caller: NewCaller) -> None:
    first, second = await new_caller(), await new_caller()
    await first.dial()
    await first.hang_up()
    number = str((await first.ticket())["number"])
    mistyped = number[:-1] + str((int(number[-1]) + 1) % 10)

    await second.dial()
    await second.press("1")
    await second.hears("main")
    await second.press("1")
    await second.hears("ticket-number-ask")
    await second.press(mistyped + "#")
    await second.hears("ticket-number-wrong-check")
    await second.hang_up()
