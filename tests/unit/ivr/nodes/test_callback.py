"""Who asks to be called back is promised a number, a time and their place, and all three are kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.calllog.events import CallbackAsked, Resumed
from ivr.channel import KEYS, CallerGone, QueueResult
from ivr.flow.checks import examine
from ivr.flow.service import load
from ivr.nodes.callback import next_window
from ivr.session import Session
from ivr.speech import Speech
from tests.unit.scripted import ScriptedCaller, Walked, begin, taken_up
from tests.unit.small import service, written

MOSCOW = ZoneInfo("Europe/Moscow")
NODES = """
wait: {queue: general, otherwise: later}
later:
  callback: technical
  needs: {technical: 2, language: caller}
  windows: [09:00-12:00, 12:00-18:00]
  then: bye
  declined: operator
"""


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW).timestamp()


NOW = moment("2026-11-24 13:00")


async def asked(folder: Path, keys: str, caller: str = "+79160000000") -> Walked:
    config = service(folder, NODES)
    walked = begin(config, ScriptedCaller(keys, queue=(QueueResult.TIMEOUT,)), folder, at=NOW)
    walked.call.state.caller = caller
    await Session(config).run(walked.call)
    return walked


def kept(walked: Walked) -> CallbackAsked:
    (event,) = walked.log.of(CallbackAsked)
    assert isinstance(event, CallbackAsked)
    return event


@pytest.mark.parametrize(
    ("key", "opens", "closes"),
    [
        ("1", "2026-11-24 13:00", "2026-11-24 17:00"),
        ("2", "2026-11-25 09:00", "2026-11-25 12:00"),
        ("3", "2026-11-24 13:00", "2026-11-24 18:00"),
        ("_", "2026-11-24 13:00", "2026-11-24 17:00"),
    ],
)
async def test_a_time_is_chosen_and_the_place_is_kept(tmp_path: Path, key: str, opens: str, closes: str) -> None:
    walked = await asked(tmp_path, "1" + key)
    event = kept(walked)
    assert (event.opens, event.closes) == (moment(opens), moment(closes))
    assert event.since == walked.call.state.queued_since
    assert (event.queue, event.needs) == ("technical", {"technical": 2, "language.ru": 1})
    assert "Перезвоним на номер 8 916 000 00 00. Да — один. На другой номер — два. Остаться на линии — три." in (
        walked.caller.heard
    )
    assert walked.end == "callback"


@pytest.mark.parametrize(
    ("key", "opens", "closes"),
    [
        ("1", "2026-11-30 08:00", "2026-11-30 12:00"),
        ("2", "2026-11-30 09:00", "2026-11-30 12:00"),
        ("3", "2026-11-30 12:00", "2026-11-30 14:00"),
        ("4", "2026-11-30 16:00", "2026-11-30 18:00"),
    ],
)
async def test_nobody_is_promised_a_time_at_which_the_queue_is_closed(
    tmp_path: Path, key: str, opens: str, closes: str
) -> None:
    """Asked on a Saturday evening of a queue that works on weekdays from 8 to 18: what is later is not promised, and
    hours in which it never works are not offered."""
    nodes = NODES.replace("12:00-18:00]", "12:00-14:00, 20:00-22:00, 16:00-20:00]").replace("technical\n", "day\n", 1)
    hours = "time-zone: Europe/Moscow, hours: {mon-fri: 08:00-18:00, holidays: closed}"
    folder = written(tmp_path / "config", nodes)
    (folder / "queues.yaml").write_text(f"queues: {{general: {{}}, day: {{{hours}}}}}\n", "utf-8")
    config = load(folder)
    at = moment("2026-11-28 23:00")
    walked = begin(config, ScriptedCaller(f"1{key}", queue=(QueueResult.TIMEOUT,)), tmp_path, at=at)
    walked.call.state.caller = "+79160000000"
    await Session(config).run(walked.call)
    assert (kept(walked).opens, kept(walked).closes) == (moment(opens), moment(closes))
    offered = " ".join(walked.caller.heard)
    assert "часов — 4." in offered
    assert "часов — 5." not in offered


def test_hours_in_which_nobody_ever_calls_back_are_told(tmp_path: Path) -> None:
    folder = written(tmp_path, NODES.replace("12:00-18:00]", "20:00-22:00]").replace("technical\n", "day\n", 1))
    hours = "time-zone: Europe/Moscow, hours: {mon-fri: 08:00-18:00, holidays: closed}"
    (folder / "queues.yaml").write_text(f"queues: {{general: {{}}, day: {{{hours}}}}}\n", "utf-8")
    told = [each for each in examine(folder)[1] if "nobody calls back then" in each.reason]
    assert [(each.severity, each.text) for each in told] == [("error", "20:00-22:00")]
    (folder / "queues.yaml").write_text("queues: {general: {}}\n", "utf-8")
    reasons = [each.reason for each in examine(folder)[1]]
    assert [reason for reason in reasons if "nobody calls back then" in reason] == [], (
        "a queue that is not is told once"
    )


async def test_what_is_left_of_today_is_offered_if_it_is_worth_a_call(tmp_path: Path) -> None:
    """At ten to six a queue that closes at six calls back tomorrow."""
    folder = written(tmp_path / "config", NODES.replace("technical\n", "day\n", 1))
    hours = "time-zone: Europe/Moscow, hours: {mon-fri: 08:00-18:00, holidays: closed}"
    (folder / "queues.yaml").write_text(f"queues: {{general: {{}}, day: {{{hours}}}}}\n", "utf-8")
    config = load(folder)
    at = moment("2026-11-26 17:50")
    walked = begin(config, ScriptedCaller("13", queue=(QueueResult.TIMEOUT,)), tmp_path, at=at)
    walked.call.state.caller = "+79160000000"
    await Session(config).run(walked.call)
    assert (kept(walked).opens, kept(walked).closes) == (moment("2026-11-27 12:00"), moment("2026-11-27 18:00"))


async def test_as_soon_as_possible_counts_the_hours_in_which_somebody_can_call(tmp_path: Path) -> None:
    nodes = NODES.replace("technical\n", "day\n", 1)
    hours = "time-zone: Europe/Moscow, hours: {mon-fri: 08:00-18:00, holidays: closed}"
    folder = written(tmp_path / "config", nodes)
    (folder / "queues.yaml").write_text(f"queues: {{general: {{}}, day: {{{hours}}}}}\n", "utf-8")
    config, friday = load(folder), moment("2026-11-27 17:00")
    walked = begin(config, ScriptedCaller("11", queue=(QueueResult.TIMEOUT,)), tmp_path, at=friday)
    walked.call.state.caller = "+79160000000"
    await Session(config).run(walked.call)
    assert (kept(walked).opens, kept(walked).closes) == (friday, moment("2026-11-30 11:00"))


async def test_another_number_is_checked_and_read_back(tmp_path: Path) -> None:
    walked = await asked(tmp_path, "2123#89031234567#11")
    assert "phone-wrong-length" in walked.caller.uninterrupted
    assert "Номер телефона: 8 903 123 45 67. Верно — один. Ввести заново — два." in walked.caller.heard
    assert kept(walked).masked == "*" * len("+79031234567")


async def test_who_hides_their_number_is_asked_for_one(tmp_path: Path) -> None:
    walked = await asked(tmp_path, "89031234567#11", caller="")
    assert "callback-number" not in walked.caller.played
    assert kept(walked).queue == "technical"


@pytest.mark.parametrize(("keys", "first"), [("3", "3"), ("_", "silence"), ("2#", "no number"), ("0", "a person")])
async def test_who_does_not_want_it_waits_on_or_reaches_a_person(tmp_path: Path, keys: str, first: str) -> None:
    walked = await asked(tmp_path, keys)
    assert not walked.log.of(CallbackAsked), first
    assert walked.path[2] == "main.operator"


class LostAtThePromise(ScriptedCaller):
    """The engine is lost while it promises to call."""

    async def play(self, speech: Speech, *, keys: str = KEYS) -> str | None:
        await super().play(speech, keys=keys)
        if "callback-kept" in self.played:
            raise CallerGone(lost=True)
        return None


async def test_a_restart_after_it_was_asked_for_asks_nothing_again(tmp_path: Path) -> None:
    config = service(tmp_path, NODES)
    walked = begin(config, LostAtThePromise("11", queue=(QueueResult.TIMEOUT,)), tmp_path, at=NOW)
    with pytest.raises(CallerGone):
        await Session(config).run(walked.call)
    walked.call.log(Resumed(at=NOW, why="a test"))
    again = taken_up(walked, ScriptedCaller(), config)
    await Session(config).run(again.call)
    assert again.end == "callback"
    assert len(again.log.of(CallbackAsked)) == 1


def test_hours_on_the_day_that_a_clock_is_changed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = datetime(2026, 10, 24, 20, tzinfo=berlin).timestamp()
    opens, closes = next_window(9, 12, night, berlin)
    assert datetime.fromtimestamp(opens, berlin).isoformat() == "2026-10-25T09:00:00+01:00"
    assert datetime.fromtimestamp(closes, berlin).isoformat() == "2026-10-25T12:00:00+01:00"
