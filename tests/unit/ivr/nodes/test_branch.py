"""A call goes on by what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.flow.problem import Problems
from ivr.flow.service import load
from ivr.session import Session
from tests.unit.scripted import ScriptedCaller, Walked, begin
from tests.unit.small import service, written

MOSCOW = ZoneInfo("Europe/Moscow")
ENDS = """
one: {play: after-status, then: two}
two: {play: welcome, then: three}
three: {play: main, then: operator}
"""


@dataclass
class World:
    """Queues and history as a test wants them."""

    callers: int = 0
    wait: float | None = None
    calls: dict[str, int] = field(default_factory=dict)

    def waiting(self, queue: str) -> int:
        return self.callers

    def expected_wait(self, queue: str) -> float | None:
        return self.wait

    def queues(self, known):
        return known

    def announcement(self):
        return ""

    async def calls_between(self, caller: str, since: float, until: float) -> int:
        return self.calls.get(caller, 0)


async def goes(folder: Path, branch: str, world: World | None = None, at: str = "2026-11-24 12:00", **given) -> str:
    """The node that a call comes to by this branch, at a time in Moscow."""
    walked = await walked_by(folder, f"choose: {branch}\n{ENDS}", world or World(), at, **given)
    return walked.path[1].removeprefix("main.")


async def walked_by(folder: Path, nodes: str, world: World, at: str, keys: str = "", **given) -> Walked:
    moment = datetime.fromisoformat(at).replace(tzinfo=MOSCOW).timestamp()
    config = service(folder / f"{at}-{len(list(folder.iterdir()))}", nodes)
    walked = begin(config, ScriptedCaller(keys), folder, at=moment, **given)
    walked.call.around = world
    await Session(config).run(walked.call)
    return walked


@pytest.mark.parametrize(
    ("at", "to"), [("2026-11-24 12:00", "one"), ("2026-11-24 21:00", "two"), ("2026-11-22 12:00", "two")]
)
async def test_by_the_hours_of_the_line(tmp_path: Path, at: str, to: str) -> None:
    assert await goes(tmp_path, "{branch: hours, when: {open: one, closed: two}, otherwise: three}", at=at) == to


async def test_by_hours_of_its_own(tmp_path: Path) -> None:
    branch = "{branch: hours, hours: {tue: 13:00-14:00}, when: {open: one, closed: two}, otherwise: three}"
    assert await goes(tmp_path, branch, at="2026-11-24 13:59") == "one"
    assert await goes(tmp_path, branch, at="2026-11-24 12:59") == "two"


@pytest.mark.parametrize(
    ("at", "to"), [("2026-11-24 12:00", "one"), ("2026-11-22 12:00", "two"), ("2027-01-04 12:00", "three")]
)
async def test_by_the_production_calendar(tmp_path: Path, at: str, to: str) -> None:
    assert await goes(tmp_path, "{branch: holiday, when: {workday: one, day-off: two, holiday: three}}", at=at) == to


async def test_by_region_and_language(tmp_path: Path) -> None:
    for branch in ("{branch: region, when: {moscow: one, unknown: two}", "{branch: language, when: {ru: one, tt: two}"):
        assert await goes(tmp_path, f"{branch}, otherwise: three}}") == "one"
    branch = "{branch: language, when: {tt: two, ru: one}, otherwise: three}"
    assert await goes(tmp_path, branch, remembered="tt") == "two"
    assert await goes(tmp_path, branch, remembered="en") == "three"


async def test_by_the_region_of_the_callers_number(tmp_path: Path) -> None:
    branch = "{branch: caller-region, when: {moscow: one}, otherwise: three}"
    assert await goes(tmp_path, branch) == "three", "a mobile number"
    config = service(tmp_path / "landline", f"choose: {branch}\n{ENDS}")
    for caller, to in (("+74991234567", "one"), ("+78121234567", "three"), ("", "three")):
        walked = begin(config, ScriptedCaller(), tmp_path)
        walked.call.state.caller = caller
        await Session(config).run(walked.call)
        assert walked.path[1] == f"main.{to}"


async def test_by_how_many_wait(tmp_path: Path) -> None:
    branch = "{branch: waiting, queue: general, when: {over 5: one, over 20: two}, otherwise: three}"
    for callers, to in ((5, "three"), (6, "one"), (21, "two")):
        assert await goes(tmp_path, branch, World(callers=callers)) == to


async def test_by_how_long_the_wait_will_be_where_that_is_known(tmp_path: Path) -> None:
    branch = "{branch: expected-wait, queue: general, when: {over 5m: one, over 20m: two}, otherwise: three}"
    for wait, to in ((None, "three"), (300, "three"), (301, "one"), (1201, "two")):
        assert await goes(tmp_path, branch, World(wait=wait)) == to


async def test_a_repeat_caller(tmp_path: Path) -> None:
    branch = "{branch: repeat, when: {repeat: one, first: two}, otherwise: three}"
    assert await goes(tmp_path, branch, World(calls={"+79160000000": 1})) == "one"
    assert await goes(tmp_path, branch) == "two"


async def test_by_whether_the_caller_is_identified_and_by_what_was_noted(tmp_path: Path) -> None:
    nodes = f"""
who: {{collect: snils, optional: yes, then: known}}
known: {{branch: identified, when: {{identified: note, unknown: two}}}}
note: {{set: {{topic: tax}}, priority: 7, then: topic}}
topic: {{branch: attribute, attribute: topic, when: {{tax: one}}, otherwise: three}}
{ENDS}"""
    walked = await walked_by(tmp_path, nodes, World(), "2026-11-24 12:00", keys="112233445951")
    assert walked.path[4] == "main.one"
    assert walked.request.priority == 7
    walked = await walked_by(tmp_path, nodes, World(), "2026-11-24 12:00", keys="#")
    assert walked.path[2] == "main.two"
    assert walked.request.priority == 0


@pytest.mark.parametrize(
    ("branch", "reason"),
    [
        ("{branch: hours, when: {opened: one}, otherwise: two}", "did you mean 'open'?"),
        ("{branch: hours, when: {open: one}}", "nothing is said of closed"),
        ("{branch: region, when: {moscow: one}}", "nothing is said of otherwise"),
        ("{branch: waiting, when: {over 5: one}, otherwise: two}", "the key 'queue' is missing"),
        ("{branch: waiting, queue: general, when: {many: one}, otherwise: two}", "write 'over 10'"),
        ("{branch: region, queue: general, when: {moscow: one}, otherwise: two}", "has no 'queue'"),
        ("{branch: hours, hours: {mo: 9-18}, when: {open: one}, otherwise: two}", "no span of time"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_mend(tmp_path: Path, branch: str, reason: str) -> None:
    folder = written(tmp_path / "config", f"choose: {branch}\n{ENDS}")
    with pytest.raises(Problems, match=reason.replace("?", r"\?")):
        load(folder)
