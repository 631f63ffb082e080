"""queues.yaml: what is wrong in it is told at its place with its mend; where a call waits at which hour."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ivr.flow.checks import examine
from ivr.flow.problem import Problem
from ivr.flow.queues import Queues, chain, entry
from ivr.flow.service import load
from tests.unit.small import written

NODES = "to: {queue: general, then: bye, otherwise: bye}"
NIGHT = "2026-11-24 23:00+03:00"


def problems(folder: Path, queues: str) -> list[Problem]:
    (written(folder, NODES) / "queues.yaml").write_text(queues, "utf-8")
    return [problem for problem in examine(folder)[1] if problem.file == "queues.yaml"]


def known(folder: Path, queues: str) -> Queues:
    (written(folder, NODES) / "queues.yaml").write_text(queues, "utf-8")
    return load(folder).queues


def at(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


@pytest.mark.parametrize(
    ("queues", "place", "reason", "mend"),
    [
        ("queues: {general: {overflow: genral}}", (1, 30), "no such queue", "did you mean 'general'?"),
        ("queues: {general: {overflow: general}}", (1, 30), "general -> general", "take out the overflow"),
        (
            "queues: {general: {overflow: a}, a: {overflow: b}, b: {overflow: a}}",
            (1, 66),
            "goes round for ever: a -> b -> a",
            "say of 'b'",
        ),
        ("queues: {general: {hours: {daily: 09:00-18:00}}}", (1, 19), "whose clock", "time-zone: Europe/Moscow"),
        (
            "queues: {general: {time-zone: Europe/Moskow, hours: {daily: 09:00-18:00}}}",
            (1, 31),
            "no such time zone",
            "Europe/Moscow",
        ),
        (
            "queues: {general: {time-zone: Europe/Moscow, hours: {daily: 9-18}}}",
            (1, 53),
            "no span of time",
            "write 09:00-21:00",
        ),
        ("queues: {general: {overflow-after: 5m}}", (1, 19), "leads nowhere", "add 'overflow: QUEUE'"),
        ("queues: {general: {max-wait: long}}", (1, 30), "no length of time", "25m"),
        ("queues: {general: {priority: 1000}}", (1, 30), "the most is 100", "up to 100"),
        ("queues: {general: {overfow: a}}", (1, 20), "unknown key", "did you mean 'overflow'?"),
        (
            "wrap-up-codes: {done: {ru: Р, en: D, tt: Т}}\nqueues: {general: {wrap-up-codes: [doen]}}",
            (2, 36),
            "no such wrap-up code",
            "did you mean 'done'?",
        ),
        ("queues: {general: {wrap-up-codes: [done]}}", (1, 36), "no such wrap-up code", "declare it"),
        ("wrap-up-codes: {done: {ru: Р, en: D}}\nqueues: {general: {}}", (1, 17), "no name in 'tt'", "add 'tt: …'"),
    ],
)
def test_a_slip_is_told_at_its_place_with_its_mend(
    tmp_path: Path, queues: str, place: tuple[int, int], reason: str, mend: str
) -> None:
    told = [each for each in problems(tmp_path, queues) if reason in each.reason and mend in each.mend]
    assert [(each.line, each.column, each.severity) for each in told] == [(*place, "error")]


def test_what_is_wrong_is_told_in_russian_too(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "queues: {general: {overflow: general}}")
    assert told.told("ru").endswith(
        "этот перелив идёт по кругу без конца: general -> general: general; "
        "уберите overflow у одной из них, например у «general»"
    )


def test_an_overflow_that_nobody_waits_in_is_warned_of(tmp_path: Path) -> None:
    queues = "queues: {general: {overflow: b, overflow-after: 5m}, b: {overflow: c, overflow-after: 5m}, c: {}}"
    (told,) = problems(tmp_path, queues)
    assert (told.severity, told.text) == ("warning", "5m")
    assert "nobody who comes from 'general' after 300s waits here" in told.reason
    assert (
        problems(tmp_path / "b", queues.replace("overflow: c, overflow-after: 5m", "overflow: c, overflow-after: 8m"))
        == []
    )


def test_where_a_call_waits_at_which_hour(tmp_path: Path) -> None:
    queues = known(
        tmp_path,
        """
        queues:
          day: {time-zone: Europe/Moscow, hours: {mon-fri: 09:00-18:00, holidays: closed}, overflow: late}
          late: {time-zone: Asia/Yekaterinburg, hours: {daily: 09:00-24:00}, overflow: general}
          general: {}
          shut: {time-zone: Europe/Moscow, hours: {2026-11-25: 09:00-10:00}}
        """,
    )
    assert chain(queues, "day") == ("day", "late", "general")
    assert entry(queues, "day", at("2026-11-24 12:00+03:00")) == "day"
    assert entry(queues, "day", at("2026-11-24 20:00+03:00")) == "late"
    assert entry(queues, "day", at(NIGHT)) == "general"
    assert entry(queues, "day", at("2027-01-04 12:00+03:00")) == "late", "a holiday of the production calendar"
    assert entry(queues, "shut", at(NIGHT)) is None
    assert entry(queues, "gone", at(NIGHT)) == "gone", "the router says so, and the log"


def test_what_a_node_leaves_out_the_queue_says(tmp_path: Path) -> None:
    folder = written(tmp_path, "to: {queue: general, then: bye}\nown: {queue: general, max-wait: 9m, priority: 5}")
    (folder / "queues.yaml").write_text("queues: {general: {max-wait: 4m, priority: 20}}", "utf-8")
    service = load(folder)
    asked = [service.flows["main"].nodes[name].request("ru", service.queues) for name in ("to", "own")]  # type: ignore[attr-defined]
    assert [(each.max_wait, each.priority) for each in asked] == [(240.0, 20), (540.0, 5)]
