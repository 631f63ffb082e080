"""A queue is nobody while it is closed: whoever can come to it then is led to somebody, in every minute of a year."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ivr.flow.problem import Problem
from ivr.flow.service import Service, load
from ivr.flow.spans import Spans, beyond, union
from tests.unit.ivr.flow.proof.written import faults, written

DAY = "{time-zone: Europe/Moscow, hours: {mon-fri: 09:00-18:00, holidays: closed}"
START = "  start: {menu: main, keys: {1: help, 0: help}, otherwise: help}\n"
LEFT = "  help: {queue: day, otherwise: sorry}\n  sorry: {goodbye: goodbye}\n"


def day(folder: Path, nodes: str, queues: str = f"{DAY}}}", **given: str) -> Service:
    """A service with a queue ``day`` beside ``general``."""
    written(folder, nodes, **given)
    (folder / "queues.yaml").write_text(f"queues: {{general: {{}}, day: {queues}}}\n", "utf-8")
    return load(folder)


def nobody(service: Service) -> list[Problem]:
    return [fault for fault in faults(service) if "leads to nobody" in fault.reason]


def test_nought_that_leads_to_a_closed_queue_and_on_to_nobody_is_told_with_the_hour_and_the_call(
    tmp_path: Path,
) -> None:
    (fault,) = nobody(day(tmp_path, START + LEFT))
    assert (fault.file, fault.line) == ("dialplans/main.yaml", 7)
    assert fault.reason == "0 leads to nobody on Wednesday, 2026-11-18 at 18:00: closed are day"
    assert "'closed' lead to an open queue, a callback or a voice message" in fault.mend
    assert "on Wednesday, 2026-11-18 at 18:00" in fault.call
    assert fault.call.endswith('finds the queue closed; hears "goodbye ru"')


def test_a_way_on_that_reaches_somebody_is_sound(tmp_path: Path) -> None:
    for number, closed in enumerate(("message", "operator", "again")):
        nodes = START + LEFT.replace("sorry}", f"sorry, closed: {closed}}}", 1)
        nodes += "  again: {callback: day, then: bye, declined: message}\n"
        nodes = nodes if closed == "again" else nodes.partition("  again")[0]
        assert nobody(day(tmp_path / str(number), nodes)) == []


def test_an_overflow_that_is_open_then_is_sound_and_one_that_is_closed_too_is_not(tmp_path: Path) -> None:
    assert nobody(day(tmp_path / "open", START + LEFT, f"{DAY}, overflow: general}}")) == []
    late = f"{DAY}, overflow: late}}, late: {DAY.replace('mon-fri: 09:00-18:00', 'daily: 08:00-22:00')}}}"
    (fault,) = nobody(day(tmp_path / "late", START + LEFT, late))
    assert "2026-11-18 at 22:00: closed are day, late" in fault.reason


def test_hours_in_which_the_line_is_closed_as_well_are_no_matter(tmp_path: Path) -> None:
    closed = "  start: {record-message: leave-message, then: bye}\n"
    service = day(tmp_path, START + LEFT, hours="{mon-fri: 09:00-18:00, holidays: closed}", closed=closed)
    assert nobody(service) == []
    longer = day(tmp_path / "b", START + LEFT, hours="{mon-fri: 09:00-18:01, holidays: closed}", closed=closed)
    assert ["at 18:00" in fault.reason for fault in nobody(longer)] == [True]


def test_a_rescue_that_is_closed_and_leads_on_to_nobody_is_told(tmp_path: Path) -> None:
    service = day(tmp_path, "  start: {play: welcome, then: operator}\n")
    (tmp_path / "queues.yaml").write_text(f"queues: {{general: {DAY}}}}}\n", "utf-8")
    text = (tmp_path / "dialplans/main.yaml").read_text("utf-8").replace("otherwise: message", "otherwise: bye")
    (tmp_path / "dialplans/main.yaml").write_text(
        text.replace("  message: {record-message: leave-message, then: bye}\n", "")
    )
    (fault,) = nobody(load(tmp_path))
    assert fault.reason.startswith("this node leads to nobody on Wednesday, 2026-11-18 at 18:00: closed are general")
    assert nobody(service) == []


def roster(service: Service, folder: Path, people: str) -> list[Problem]:
    (folder / "operators.yaml").write_text(people, "utf-8")
    return [fault for fault in faults(load(folder)) if "nobody on the roster" in fault.reason]


def test_who_serves_a_queue_is_needed_within_its_hours_alone(tmp_path: Path) -> None:
    nodes = START + LEFT.replace("sorry}", "sorry, closed: message}", 1)
    shift = "shifts: {day: {time-zone: Europe/Moscow, hours: {mon-fri: 09:00-18:00, holidays: closed}}}\n"
    anna = "anna: {languages: [ru, en], queues: [day], shifts: [day]}"
    boris = "boris: {languages: [ru, en], queues: [general]}"
    service = day(tmp_path, nodes)
    assert roster(service, tmp_path, f"{shift}operators: {{{anna}, {boris}}}") == []
    (fault, _) = roster(service, tmp_path, f"{shift.replace('18:00', '17:00')}operators: {{{anna}, {boris}}}")
    assert "on Wednesday, 2026-11-18 at 17:00: at the last" in fault.reason


def test_where_the_call_stays_in_the_end_somebody_is_needed(tmp_path: Path) -> None:
    nodes = START + LEFT
    anna, boris = "anna: {languages: [ru, en], queues: [day]}", "boris: {languages: [ru, en], queues: [general]}"
    service = day(tmp_path, nodes, "{overflow: late, overflow-after: 5m}, late: {}")
    (fault, _) = roster(service, tmp_path, f"operators: {{{anna}, {boris}}}")
    assert "in the queue 'late' that it overflows to" in fault.reason
    assert "does not serve the queue 'late'" in fault.mend
    late = anna.replace("[day]", "[late]")
    assert roster(service, tmp_path, f"operators: {{{late}, {boris}}}") == [], "five minutes in 'day', and then anna"
    day(tmp_path, nodes, "{overflow: late}, late: {}")
    (fault, _) = roster(service, tmp_path, f"operators: {{{late}, {boris}}}")
    assert "does not serve the queue 'day'" in fault.mend, "who is not led on by time stays"


def test_who_may_not_wait_so_long_never_goes_over(tmp_path: Path) -> None:
    late = "operators: {anna: {languages: [ru, en], queues: [late, general]}}"
    queues = "{overflow: late, overflow-after: 5m}, late: {}"
    assert roster(day(tmp_path / "a", START + LEFT, queues), tmp_path / "a", late) == []
    hasty = LEFT.replace("queue: day,", "queue: day, max-wait: 4m,")
    (fault, _) = roster(day(tmp_path / "b", START + hasty, queues), tmp_path / "b", late)
    assert "does not serve the queue 'day'" in fault.mend


points = st.sets(st.integers(0, 30), max_size=30)


@given(points, points)
def test_the_time_beyond_another_is_as_the_moments_in_it(one: set[int], other: set[int]) -> None:
    left, right = (union(((float(at), at + 1.0),) for at in moments) for moments in (one, other))
    assert _moments(beyond(left, right)) == one - other


def _moments(spans: Spans) -> set[int]:
    return {at for start, end in spans for at in range(int(start), int(end))}
