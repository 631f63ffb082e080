"""What a queue asks for at the last, and when nobody on the roster can give it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.flow.problem import Problem, Problems
from ivr.flow.proof.demands import demands
from ivr.flow.proof.subject import Subject
from ivr.flow.service import Service, load
from ivr.flow.spans import crossed, first_beyond, union
from ivr.settings import PROJECT
from tests.unit.ivr.flow.proof.written import AT, faults, texts, written

NODES = """
  start:
    queue: general
    needs: {tax: 3, language: caller}
    relax: {after 60s: {tax: 2}, after 120s: {tax: 1}}
    otherwise: message
"""
SKILLS = "skills: {tax: {ru: Налоги, en: Taxes}}\n"
DAY = "shifts: {day: {time-zone: Europe/Moscow, hours: {daily: 08:00-20:00}}}\n"


def rostered(folder: Path, roster: str, nodes: str = NODES, **given: str) -> Service:
    """A small service with this roster."""
    written(folder, nodes, **given)
    (folder / "skills.yaml").write_text(SKILLS, "utf-8")
    (folder / "operators.yaml").write_text(dedent(roster), "utf-8")
    return load(folder)


def gaps(service: Service) -> list[Problem]:
    return [fault for fault in faults(service) if fault.reason.startswith("nobody on the roster")]


def test_what_is_needed_after_every_relaxation(tmp_path: Path) -> None:
    service = written(tmp_path, NODES)
    found = [each for each in demands(Subject(service, texts(service), AT)) if each.place.node == "start"]
    assert [(demand.queues, demand.needs) for demand in found] == [
        (("general",), {"tax": 1, "language.en": 1}),
        (("general",), {"tax": 1, "language.ru": 1}),
    ]


def test_one_person_who_relaxation_makes_eligible_is_enough(tmp_path: Path) -> None:
    assert gaps(rostered(tmp_path, "operators: {anna: {skills: {tax: 1}, languages: [ru, en]}}")) == []


def test_a_language_that_nobody_speaks_is_shown_by_the_call_and_who_comes_nearest(tmp_path: Path) -> None:
    roster = "operators: {anna: {skills: {tax: 1}, languages: [ru]}, boris: {languages: [ru, en]}}"
    (gap,) = gaps(rostered(tmp_path, roster))
    assert (gap.file, gap.line) == ("dialplans/main.yaml", 9)
    assert "on Wednesday, 2026-11-18 at 14:06" in gap.reason
    assert "at the last it needs tax 1 and the language en" in gap.reason
    assert "nearest comes anna, who does not speak en;" in gap.mend
    assert gap.call.startswith("calls +7 800 555-35-38 on Wednesday, 2026-11-18 at 14:06, in 'en'; hears")
    russian = gap.as_dict("ru")
    assert russian["reason"] == (
        "этот звонок в среду, 18.11.2026 в 14:06 некому принять: под конец ожидания нужно tax 1 и язык en"
    )
    assert str(russian["mend"]).startswith("ближе всех anna: не говорит на en; добавьте в operators.yaml")
    assert str(russian["call"]).startswith("звонит на +7 800 555-35-38 в среду, 18.11.2026 в 14:06, язык en; слышит")


def test_a_level_that_nobody_has(tmp_path: Path) -> None:
    nodes = NODES.replace("tax: 1", "tax: 2")
    (gap, *_) = gaps(rostered(tmp_path, "operators: {anna: {skills: {tax: 1}, languages: [ru, en]}}", nodes))
    assert "nearest comes anna, who has tax 1;" in gap.mend


def test_an_hour_in_which_nobody_is_on_duty(tmp_path: Path) -> None:
    roster = f"{DAY}operators: {{anna: {{skills: {{tax: 1}}, languages: [ru, en], shifts: [day]}}}}"
    by_need = gaps(rostered(tmp_path, roster))
    assert {fault.reason.partition(":")[0] for fault in by_need} == {
        "nobody on the roster can take this call on Wednesday, 2026-11-18 at 20"
    }
    assert all("anna, who does not work then (shifts: day)" in fault.mend for fault in by_need)


def test_shifts_that_follow_each_other_leave_no_gap(tmp_path: Path) -> None:
    roster = """
        shifts:
          day: {time-zone: Europe/Moscow, hours: {daily: 08:00-20:00}}
          night: {time-zone: Asia/Yekaterinburg, hours: {daily: 22:00-10:00}}
        operators:
          anna: {skills: {tax: 1}, languages: [ru, en], shifts: [day]}
          boris: {skills: {tax: 1}, languages: [ru, en], shifts: [night]}
    """
    assert gaps(rostered(tmp_path, roster)) == []
    short = roster.replace("22:00-10:00", "22:00-09:59")
    (fault, *_) = gaps(rostered(tmp_path / "short", short))
    assert "Thursday, 2026-11-19 at 07:59" in fault.reason


def test_a_holiday_of_the_coming_year_on_which_a_shift_is_off(tmp_path: Path) -> None:
    shift = "{time-zone: Europe/Moscow, hours: {daily: 24/7, holidays: closed}}"
    roster = (
        f"shifts: {{all: {shift}}}\noperators: {{anna: {{skills: {{tax: 1}}, languages: [ru, en], shifts: [all]}}}}"
    )
    (fault, *_) = gaps(rostered(tmp_path, roster))
    assert "2026-12-31 at 00:00" in fault.reason or "2027-01-01 at 00:00" in fault.reason


def test_nobody_is_needed_while_the_line_is_closed(tmp_path: Path) -> None:
    roster = f"{DAY}operators: {{anna: {{skills: {{tax: 1}}, languages: [ru, en], shifts: [day]}}}}"
    closed = "  start: {record-message: leave-message, then: bye}\n"
    hours = "{daily: 09:00-18:00}"
    # The second line, which answers unknown numbers, has the same hours and flow.
    assert [gap for gap in gaps(rostered(tmp_path, roster, hours=hours, closed=closed)) if "main" in gap.file] == []


def test_whoever_does_not_serve_the_queue_takes_none_of_its_calls(tmp_path: Path) -> None:
    roster = "operators: {anna: {skills: {tax: 1}, languages: [ru, en], queues: []}}"
    (fault, *_) = gaps(rostered(tmp_path, roster))
    assert "anna, who does not serve the queue 'general'" in fault.mend


def test_without_a_roster_there_is_a_word_and_no_error(tmp_path: Path) -> None:
    service = written(tmp_path, NODES)
    assert faults(service) == []
    (word,) = (each for each in faults(service, severity="warning") if each.file == "operators.yaml")
    assert "no roster" in word.reason


def test_the_shipped_roster_meets_the_shipped_service() -> None:
    assert load(PROJECT).roster
    assert gaps(load(PROJECT)) == []


@pytest.mark.parametrize(
    ("roster", "reason", "mend"),
    [
        ("operators: {anna: {skills: {tex: 1}, languages: [ru]}}", "no such skill", "did you mean 'tax'?"),
        ("operators: {anna: {languages: [ru], queues: [generl]}}", "no such queue", "did you mean 'general'?"),
        (f"{DAY}operators: {{anna: {{languages: [ru], shifts: [dya]}}}}", "no such shift", "did you mean 'day'?"),
        ("operators: {anna: {languages: [ru], shifts: [day]}}", "no such shift", "declare it under 'shifts'"),
        ("operators: {anna: {skills: {tax: 6}, languages: [ru]}}", "the most is 5", "up to 5"),
        ("operators: {anna: {skills: {tax: 1}}}", "'languages' is missing", "add 'languages: …'"),
        ("operators: {anna: {languages: []}}", "too few", "at least 1"),
        ("operators: {anna: {languages: [ru], name: Анна}}", "unknown key 'name'", "use one of: languages, queues"),
        ("operators: {Anna: {languages: [ru]}}", "this is no name", "small Latin letters"),
        ("operators: {kommutator-1: {languages: [ru]}}", "does not begin with 'kommutator'", "choose another"),
        (DAY.replace("Moscow", "Moskow") + "operators: {}", "no such time zone", "Europe/Moscow"),
        (DAY.replace("20:00", "25:00") + "operators: {}", "no span of time", "write 09:00-21:00"),
    ],
)
def test_a_slip_in_the_roster_is_told_with_its_mend(tmp_path: Path, roster: str, reason: str, mend: str) -> None:
    try:
        found = faults(rostered(tmp_path, roster))
    except Problems as error:
        found = list(error.problems)
    (fault,) = (each for each in found if each.file == "operators.yaml")
    assert reason in fault.reason
    assert mend in fault.mend


def test_a_misspelt_skill_of_a_flow_is_told_once_at_its_place(tmp_path: Path) -> None:
    service = rostered(tmp_path, "operators: {anna: {languages: [ru, en]}}", NODES.replace("tax", "tex"))
    told = [(fault.line, fault.reason, fault.mend) for fault in faults(service)]
    words = ("there is no such skill in skills.yaml", "did you mean 'tax'?")
    assert told == [(10, *words), (11, *words), (11, *words)]


def test_a_skill_needs_a_name_in_each_language(tmp_path: Path) -> None:
    service = rostered(tmp_path, "operators: {anna: {skills: {tax: 1}, languages: [ru, en]}}")
    (tmp_path / "skills.yaml").write_text("skills: {tax: {ru: Налоги}}\n", "utf-8")
    (fault,) = faults(load(tmp_path))
    assert (fault.file, fault.reason, fault.mend) == ("skills.yaml", "no name in 'en'", "add 'en: …'")
    assert faults(service) == []


points = st.sets(st.integers(0, 30), max_size=30)


@given(points, points)
def test_stretches_of_time_are_as_the_moments_in_them(one: set[int], other: set[int]) -> None:
    left, right = (union(((float(at), at + 1.0),) for at in moments) for moments in (one, other))
    assert _moments(crossed(left, right)) == one & other
    assert _moments(union([left, right])) == one | other
    beyond = first_beyond(left, right)
    assert beyond == (float(min(one - other)) if one - other else None)


def _moments(spans: tuple[tuple[float, float], ...]) -> set[int]:
    return {at for start, end in spans for at in range(int(start), int(end))}
