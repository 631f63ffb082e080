from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from ivr.around import Nothing
from ivr.calllog.events import NodeEntered, Queued, Resumed
from ivr.flow.emergency import Measure, under
from ivr.flow.queues import Queues
from ivr.flow.service import Service, load
from ivr.session import Session
from ivr.settings import PROJECT
from tests.unit.scripted import ScriptedCaller, begin, taken_up, walk
from tests.unit.small import written


@pytest.mark.parametrize("record", [True, False])
async def test_a_conversation_is_recorded_and_said_to_be_so_unless_the_line_says_no(
    record: bool, tmp_path: Path
) -> None:
    service = load(PROJECT)
    lines = {name: dataclasses.replace(line, record=record) for name, line in service.lines.items()}
    walked = await walk(dataclasses.replace(service, lines=lines), "10", tmp_path)
    assert walked.end == "answered"
    assert [request.record for request in walked.caller.requests] == [record]
    assert ("conversation-recorded" in walked.caller.played) is record


NODES = """
to: {queue: day, then: bye, closed: hours, otherwise: operator}
hours: {branch: hours, queue: day, when: {open: operator, closed: told}}
told: {play: nobody-available, then: operator}
"""
SHUT = "{time-zone: Europe/Moscow, hours: {daily: closed}"


class Ordered(Nothing):
    """An emergency: the queue ``day`` is closed, or sent ``to`` another."""

    def __init__(self, to: str) -> None:
        self.to = to

    def queues(self, known: Queues) -> Queues:
        return under(known, [Measure("day", 2e9, "Ольга", "пожар", 0.0, self.to)], 1.0)


def with_queues(folder: Path, queues: str) -> Service:
    config = written(folder / "config", NODES)
    (config / "queues.yaml").write_text(f"queues: {{general: {{}}, {queues}}}\n", "utf-8")
    return load(config)


async def test_a_closed_queue_leads_on_without_a_word_of_recording(tmp_path: Path) -> None:
    walked = await walk(with_queues(tmp_path, f"day: {SHUT}}}"), "", tmp_path)
    assert walked.path == ["main.to", "main.hours", "main.told", "main.operator", "main.bye"]
    assert walked.caller.played[0] == "nobody-available"
    assert [request.queue for request in walked.caller.requests] == ["general"]


async def test_a_closed_queue_that_overflows_to_an_open_one_lets_the_call_wait_there(tmp_path: Path) -> None:
    walked = await walk(with_queues(tmp_path, f"day: {SHUT}, overflow: late}}, late: {{}}"), "", tmp_path)
    assert walked.path == ["main.to", "main.bye"]
    assert [request.queue for request in walked.caller.requests] == ["late"]


@pytest.mark.parametrize(("waited_in", "then"), [("late", "late"), ("gone", "day")])
async def test_who_waited_elsewhere_when_the_engine_was_lost_waits_there_again(
    tmp_path: Path, waited_in: str, then: str
) -> None:
    service = with_queues(tmp_path, "day: {overflow: late, overflow-after: 5m}, late: {overflow: general}")
    walked = begin(service, ScriptedCaller(""), tmp_path)
    for event in (
        NodeEntered(at=1.0, flow="main", node="to"),
        Queued(at=1.0, queue=waited_in, needs={}, since=1.0),
        Resumed(at=2.0, why="a test"),
    ):
        walked.call.log(event)
    again = taken_up(walked, ScriptedCaller(""), service)
    await Session(service).run(again.call)
    assert [request.queue for request in again.caller.requests] == [then]


@pytest.mark.parametrize(
    ("to", "path", "queues"),
    [
        ("late", ["main.to", "main.bye"], ["late"]),
        ("", ["main.to", "main.hours", "main.told", "main.operator", "main.bye"], ["general"]),
    ],
)
async def test_who_comes_in_an_emergency_goes_where_the_queue_is_sent_or_its_way_when_closed(
    tmp_path: Path, to: str, path: list[str], queues: list[str]
) -> None:
    service = with_queues(tmp_path, "day: {}, late: {}")
    walked = begin(service, ScriptedCaller(""), tmp_path)
    walked.call.around = Ordered(to)
    await Session(service).run(walked.call)
    assert walked.path == path
    assert [request.queue for request in walked.caller.requests] == queues


async def test_who_waited_when_the_engine_was_lost_does_not_wait_again_in_a_queue_sent_elsewhere(
    tmp_path: Path,
) -> None:
    service = with_queues(tmp_path, "day: {}, late: {}")
    walked = begin(service, ScriptedCaller(""), tmp_path)
    for event in (
        NodeEntered(at=1.0, flow="main", node="to"),
        Queued(at=1.0, queue="day", needs={}, since=1.0),
        Resumed(at=2.0, why="a test"),
    ):
        walked.call.log(event)
    again = taken_up(walked, ScriptedCaller(""), service)
    again.call.around = Ordered("late")
    await Session(service).run(again.call)
    assert [request.queue for request in again.caller.requests] == ["late"]
