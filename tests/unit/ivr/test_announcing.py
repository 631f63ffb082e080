"""An announcement for all is heard once in a call, in the caller's language, before anything else is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.around import Nothing
from ivr.calllog.events import Resumed
from ivr.flow.service import Service, load
from ivr.session import Session
from ivr.settings import PROJECT
from tests.unit.scripted import EagerCaller, ScriptedCaller, Walked, begin, taken_up
from tests.unit.small import written

NEWS = "nobody-available"
"""A prompt that there is in every language."""


class Announced(Nothing):
    """An emergency of which all are told."""

    def __init__(self, prompt: str = NEWS) -> None:
        self.prompt = prompt

    def announcement(self) -> str:
        return self.prompt


@pytest.fixture(scope="module")
def service() -> Service:
    return load(PROJECT)


async def heard(service: Service, caller: ScriptedCaller, folder: Path, prompt: str = NEWS) -> Walked:
    walked = begin(service, caller, folder)
    walked.call.around = Announced(prompt)
    await Session(service).run(walked.call)
    return walked


async def test_after_the_choice_of_language_in_that_language_once_and_whole(service: Service, tmp_path: Path) -> None:
    walked = await heard(service, ScriptedCaller("210"), tmp_path)
    assert walked.call.state.language == "en"
    assert walked.caller.played.count(NEWS) == 1
    assert NEWS in walked.caller.uninterrupted
    said = walked.call.prompts.say(NEWS, "en")[0].text
    assert said in walked.caller.heard
    assert walked.caller.heard.index(said) == 1 + max(
        at for at, prompt in enumerate(walked.caller.played) if prompt == "choose-language"
    )


async def test_who_types_ahead_hears_it_too_and_reaches_somebody(service: Service, tmp_path: Path) -> None:
    walked = await heard(service, EagerCaller("20"), tmp_path)
    assert NEWS in walked.caller.played
    assert walked.end == "answered"


async def test_a_line_without_a_choice_of_language_tells_it_after_the_greeting(tmp_path: Path) -> None:
    config = written(tmp_path / "config", "to: {play: welcome, then: operator}")
    walked = await heard(load(config), ScriptedCaller(""), tmp_path)
    assert walked.caller.played[:2] == ["welcome", NEWS]


async def test_who_is_taken_up_again_does_not_hear_it_again(service: Service, tmp_path: Path) -> None:
    walked = begin(service, ScriptedCaller(""), tmp_path)
    walked.call.log(Resumed(at=2.0, why="a test"))
    again = taken_up(walked, ScriptedCaller("10"), service)
    again.call.around = Announced()
    await Session(service).run(again.call)
    assert NEWS not in again.caller.played


async def test_a_prompt_that_is_gone_meanwhile_keeps_nobody_from_an_operator(service: Service, tmp_path: Path) -> None:
    walked = await heard(service, ScriptedCaller("10"), tmp_path, "gone")
    assert walked.end == "answered"
