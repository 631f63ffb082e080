"""Every number of the hotline, as carriers and callers abroad write it, reaches its line and its greeting."""

import asyncio

import pytest

from ivr.prompts.catalogue import Catalogue
from tests.e2e import hearing
from tests.e2e.caller import sound_of
from tests.e2e.conftest import NewCaller

pytestmark = pytest.mark.e2e

LINES = [
    ("88005553535", "moscow", "moscow", "ru", "welcome"),
    ("+78005553536", "saint-petersburg", "saint-petersburg", "ru", "welcome-saint-petersburg"),
    ("78005553537", "krasnodar", "krasnodar", "ru", "welcome-krasnodar"),
    ("88005553538", "tatarstan", "tatarstan", "tt", "welcome-tatarstan"),
    ("+78005553539", "sverdlovsk", "sverdlovsk", "ru", "welcome-sverdlovsk"),
    ("88005553540", "novosibirsk", "novosibirsk", "ru", "welcome-novosibirsk"),
    ("88005553500", "all-russia", "all-russia", "ru", "welcome"),
    ("88005554433", "federal", "federal", "ru", "welcome-federal"),
    ("81074957713030", "abroad", "abroad", "ru", "welcome-abroad"),
    ("0074957713031", "abroad-documents", "abroad", "ru", "welcome-abroad-documents"),
    ("01174957713032", "abroad-business", "abroad", "ru", "welcome-abroad-business"),
]

GREETINGS = sorted({greeting for *_, greeting in LINES})
DEAD_AIR = 0.5
"""Seconds: nobody may wonder whether the line is still there."""

WHOLE = 8.0
"""Seconds: no greeting is longer. Those of the regions differ at their end."""


@pytest.mark.parametrize(("dialled", "name", "region", "language", "greeting"), LINES)
async def test_a_number_reaches_its_line(
    dialled: str, name: str, region: str, language: str, greeting: str, new_caller: NewCaller, prompts: Catalogue
) -> None:
    caller = await new_caller()
    await caller.dial(dialled)
    await caller.hears(greeting, language, first=WHOLE)
    scores = {
        (greeted, tongue): hearing.find(
            hearing.read(caller.phone.heard()), sound_of(prompts.say(greeted, tongue)), first=WHOLE
        ).score
        for greeted in GREETINGS
        for tongue in ("ru", "en", "tt")
    }
    assert max(scores, key=lambda said: scores[said]) == (greeting, language)
    await caller.hang_up()

    ticket = await caller.ticket()
    assert (ticket["line"], ticket["region"], ticket["language"]) == (name, region, language)
    assert ticket["end"] == "abandoned-in-menu"
    assert len(str(ticket["number"])) >= 8


async def test_a_number_of_no_line_is_told_so_and_led_to_the_all_russia_line(new_caller: NewCaller) -> None:
    caller = await new_caller()
    await caller.dial("88005550000")
    await caller.hears("unknown-number")
    await caller.hears("unknown-number-offer")
    await caller.press("1")
    await caller.hears("welcome")
    await caller.hang_up()
    ticket = await caller.ticket()
    assert (ticket["line"], ticket["called"]) == ("all-russia", "+78005550000")


async def test_the_language_chosen_is_spoken_and_remembered(new_caller: NewCaller, prompts: Catalogue) -> None:
    caller = await new_caller()
    await caller.dial()
    await caller.hears("welcome")
    await caller.press("2")
    await caller.hears("main", "en")
    await caller.hang_up()
    assert (await caller.ticket())["language"] == "en"

    await caller.dial()
    await caller.hears("welcome", "en")
    await caller.press("#")
    await caller.hears("main", "en")
    await caller.hang_up()


async def test_three_wrong_keys_lead_to_an_operator(new_caller: NewCaller) -> None:
    caller = await new_caller()
    await caller.dial()
    await caller.press("1")
    await caller.hears("main")
    for _ in range(2):
        await caller.press("#")
        await caller.hears("wrong-key", first=0.6)
        await caller.hears("main")
    await caller.press("#")
    await caller.reaches("queue")
    await caller.hears("please-hold")
    await caller.hang_up()
    assert (await caller.ticket())["queue"] == "general"


async def test_the_caller_never_hears_nothing_for_half_a_second(new_caller: NewCaller) -> None:
    """From the answer through two keys to the queue's music: in words, between words, and after each key."""
    caller = await new_caller()
    await caller.dial()
    await caller.hears("welcome")
    await caller.press("1")
    await caller.hears("main")
    await caller.press("0")
    music = await caller.hears("please-hold")
    async with asyncio.timeout(30):
        while len(hearing.read(caller.phone.heard())) / hearing.RATE < music.at + 12:
            await asyncio.sleep(0.1)
    heard = hearing.read(caller.phone.heard())
    await caller.hang_up()
    assert hearing.longest_silence(heard) < DEAD_AIR
