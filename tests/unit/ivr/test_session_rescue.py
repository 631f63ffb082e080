"""Nothing of ours that fails drops a call."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from ivr.calllog.events import Ended, Queued
from ivr.channel import CallerGone, QueueRequest, QueueResult
from ivr.flow.hours import read_hours
from ivr.flow.service import Service, load
from ivr.session import Session
from ivr.settings import PROJECT
from ivr.speech import Speech, UnknownPrompt
from tests.unit.scripted import ScriptedCaller, begin, taken_up, walk


@pytest.fixture(scope="module")
def service() -> Service:
    return load(PROJECT)


class Broken(ScriptedCaller):
    """A line on which what ``broken`` names fails."""

    broken: tuple[str, ...] = ()

    async def enqueue(self, call, request: QueueRequest) -> QueueResult:
        if "enqueue" in self.broken:
            raise RuntimeError("router is away")
        return await super().enqueue(call, request)

    async def record(self, path: Path, **limits) -> float:
        if "record" in self.broken:
            raise RuntimeError("recorder is away")
        return await super().record(path, **limits)


def broken(*what: str, keys: str = "10") -> Broken:
    caller = Broken(keys)
    caller.broken = what
    return caller


async def test_when_no_queue_works_the_caller_leaves_a_message(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, broken("enqueue"), tmp_path)
    assert "trouble" in walked.caller.uninterrupted
    assert walked.end == "voice-message"


async def test_when_nothing_works_the_call_ends_in_words_as_refused(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, broken("enqueue", "record"), tmp_path)
    assert walked.caller.played[-1] == "trouble"
    assert walked.end == "refused"
    assert walked.caller.hung_up


async def test_without_a_single_prompt_the_caller_still_reaches_an_operator(service: Service, tmp_path: Path) -> None:
    walked = begin(service, ScriptedCaller("10"), tmp_path)

    class Silent:
        def say(self, name: str, language: str, /, **values: object) -> Speech:
            raise UnknownPrompt(name)

    walked.call.prompts = Silent()
    await Session(service).run(walked.call)
    assert walked.end == "answered"


async def test_a_prompt_missing_in_one_language_is_said_in_another(service: Service, tmp_path: Path) -> None:
    walked = begin(service, ScriptedCaller("30"), tmp_path)
    say = walked.prompts.say

    def without_tatar(name: str, language: str, /, **values) -> Speech:
        if (name, language) == ("conversation-recorded", "tt"):
            raise UnknownPrompt(name)
        return say(name, language, **values)

    walked.prompts.say = without_tatar  # type: ignore[method-assign]
    await Session(service).run(walked.call)
    assert any(text.startswith("Разговор записывается") for text in walked.caller.heard)


async def test_a_call_whose_node_is_gone_from_the_new_version_goes_to_the_operator(
    service: Service, tmp_path: Path
) -> None:
    walked = begin(service, ScriptedCaller("1!", lost=True), tmp_path)
    with pytest.raises(CallerGone):
        await Session(service).run(walked.call)
    walked.call.state.node = "renamed"
    again = taken_up(walked, ScriptedCaller(), service)
    await Session(service).run(again.call)
    assert again.request.queue == "general"
    assert len(again.log.of(Ended)) == 1


async def test_out_of_hours_the_caller_is_told_what_to_do_and_leaves_a_message(
    service: Service, tmp_path: Path
) -> None:
    monday_noon = 1_795_424_400.0  # 2026-11-23 09:00 UTC, 12:00 in Moscow
    line = dataclasses.replace(service.lines["abroad"], hours=read_hours({"daily": "08:00-11:00"}))
    closed = dataclasses.replace(service, lines={**service.lines, "abroad": line})
    walked = await walk(closed, "", tmp_path, dialled="810 7 495 771-30-30", at=monday_noon)
    assert walked.caller.played[:3] == ["out-of-hours", "out-of-hours-choice", "leave-message"]
    assert walked.end == "voice-message"
    assert not walked.log.of(Queued)
    earlier = await walk(closed, "", tmp_path, dialled="810 7 495 771-30-30", at=monday_noon - 2 * 3600)
    assert earlier.caller.played[0] == "welcome-abroad"
