"""A flow is called, returns with a word, and all of it outlives a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.calllog.events import AnyEvent, NodeEntered, Resumed, SubFlowEntered, SubFlowLeft
from ivr.channel import CallerGone
from ivr.flow.service import Service, load
from ivr.session import Session
from tests.unit.scripted import ScriptedCaller, begin, taken_up, walk
from tests.unit.small import service, written

CALLER = """
main: {menu: main, keys: {1: ask, 0: operator}, otherwise: operator}
ask: {sub-flow: identify, with: {topic: tax}, returned: {skipped: late}, then: after}
after: {branch: attribute, attribute: topic, when: {tax: late}, otherwise: operator}
late: {play: welcome, then: operator}
"""
CALLED = """
topic: {branch: attribute, attribute: topic, when: {tax: who}, otherwise: operator}
who: {collect: snils, optional: yes, skipped: no-one, then: done}
done: {return: identified}
no-one: {return: skipped}
menu: {menu: after-status, keys: {1: who, 0: operator}, otherwise: operator}
"""


@pytest.fixture
def calling(tmp_path: Path) -> Service:
    return service(tmp_path, CALLER, others={"identify": CALLED.replace("tax: who", "tax: menu")})


async def test_it_is_given_something_and_comes_back(calling: Service, tmp_path: Path) -> None:
    walked = await walk(calling, "11112233445951", tmp_path)
    assert walked.path == [
        "main.main", "main.ask", "identify.topic", "identify.menu", "identify.who", "identify.done",
        "main.after", "main.operator", "main.bye",
    ]  # fmt: skip
    assert not walked.call.state.frames
    assert not walked.call.state.attribute("topic"), "what it was given is gone with it"


async def test_the_word_it_returns_with_chooses_the_way(calling: Service, tmp_path: Path) -> None:
    walked = await walk(calling, "11#", tmp_path)
    assert walked.path[-3:] == ["main.late", "main.operator", "main.bye"]


async def test_star_leads_out_of_it_to_the_menu_before_and_never_into_one_that_returned(
    calling: Service, tmp_path: Path
) -> None:
    walked = await walk(calling, "1*11#", tmp_path)
    assert walked.path[2:8] == [
        "identify.topic", "identify.menu", "main.main", "main.ask", "identify.topic", "identify.menu",
    ]  # fmt: skip
    assert walked.path[-3:] == ["main.late", "main.operator", "main.bye"]
    assert not walked.call.state.frames


@pytest.mark.parametrize("keys", ["11!", "1!"])
async def test_a_restart_in_the_middle_loses_nothing(calling: Service, tmp_path: Path, keys: str) -> None:
    walked = begin(calling, ScriptedCaller(keys, lost=True), tmp_path)
    with pytest.raises(CallerGone):
        await Session(calling).run(walked.call)
    assert [frame.node for frame in walked.call.state.frames] == ["ask"]
    walked.call.log(Resumed(at=walked.call.now(), why="a test"))
    again = taken_up(walked, ScriptedCaller("#" if keys == "11!" else "*11#"), calling)
    await Session(calling).run(again.call)
    assert again.path[-3:] == ["main.late", "main.operator", "main.bye"]
    assert not again.call.state.frames


@pytest.mark.parametrize(
    ("keys", "between", "then"),
    [
        ("!", [NodeEntered(at=1, flow="main", node="ask"),
               SubFlowEntered(at=1, flow="main", node="ask", parameters={"topic": "tax"})], "1#"),
        ("11!", [NodeEntered(at=1, flow="identify", node="no-one"), SubFlowLeft(at=1, result="skipped")], ""),
    ],
    ids=["on the way in", "on the way out"],
)  # fmt: skip
async def test_an_engine_lost_between_two_flows_is_in_neither_twice(
    calling: Service, tmp_path: Path, keys: str, between: list[AnyEvent], then: str
) -> None:
    walked = begin(calling, ScriptedCaller(keys, lost=True), tmp_path)
    with pytest.raises(CallerGone):
        await Session(calling).run(walked.call)
    for event in (*between, Resumed(at=1, why="a test")):
        walked.call.log(event)
    again = taken_up(walked, ScriptedCaller(then), calling)
    await Session(calling).run(again.call)
    assert again.path[-3:] == ["main.late", "main.operator", "main.bye"]
    assert not again.call.state.frames


async def test_a_flow_that_calls_itself_for_ever_reaches_a_person(tmp_path: Path) -> None:
    nodes = """
again: {menu: main, keys: {1: deeper, 0: operator}, otherwise: operator}
deeper: {sub-flow: main, then: operator}
"""
    refused = load(written(tmp_path / "config", nodes))
    walked = await walk(refused, "1" * 30, tmp_path)
    assert walked.end == "answered"
    assert walked.path.count("main.deeper") == 11


async def test_a_return_to_nobody_reaches_a_person(tmp_path: Path) -> None:
    nodes = """
where: {branch: region, when: {moscow: out}, otherwise: ask}
ask: {menu: main, keys: {1: deeper, 0: operator}, otherwise: operator}
deeper: {sub-flow: other, then: operator}
out: {return: done}
"""
    refused = load(written(tmp_path / "config", nodes, others={"other": "done: {return: done}"}))
    walked = await walk(refused, "", tmp_path)
    assert walked.path == ["main.where", "main.out", "main.operator", "main.bye"]
