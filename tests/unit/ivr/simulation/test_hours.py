"""A simulated day goes by the hours and the overflow of queues.yaml, as the engine does."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.flow.hours import read_hours
from ivr.flow.problem import Problems
from ivr.flow.queues import ServiceQueue
from ivr.flow.zoned import Zoned
from ivr.simulation.loading import Written, read_scenario
from routing.simulate.run import run
from routing.simulate.tally import Count

HOUR = 3600.0
OPENING = Zoned(read_hours({"mon-fri": "08:00-20:00", "holidays": "closed"}), ZoneInfo("Europe/Moscow"))
DAY = """
calls:
  help:
    asks: {{queue: day, needs: {{technical: 1}}}}
    an-hour: {{'{calls}': 30}}
    talks: {{always: 1m}}
operators:
  anna: {{skills: {{technical: 3}}, shifts: ['{shift}']}}
"""


def read(folder: Path, queue: ServiceQueue, calls: str, shift: str, more: str = "") -> Written:
    path = folder / "day.yaml"
    path.write_text(more + DAY.format(calls=calls, shift=shift), "utf-8")
    return read_scenario(path, {"day": queue, "night": ServiceQueue("night")})


def counted(written: Written) -> Count:
    (period,) = run(written.scenario(written.streams, written.staff), "1")
    return period.streams[0]


def test_who_comes_while_the_queue_is_closed_waits_in_none(tmp_path: Path) -> None:
    count = counted(read(tmp_path, ServiceQueue("day", opening=OPENING), "20:00-24:00", "00:00-24:00"))
    assert count.came == count.turned_away > 50


def test_or_in_the_queue_that_it_overflows_to(tmp_path: Path) -> None:
    queue = ServiceQueue("day", opening=OPENING, overflow="night")
    count = counted(read(tmp_path, queue, "20:00-24:00", "00:00-24:00"))
    assert count.turned_away == 0
    assert count.answered == count.came


def test_the_same_evening_is_open_on_no_holiday(tmp_path: Path) -> None:
    queue = ServiceQueue("day", opening=OPENING)
    assert counted(read(tmp_path, queue, "09:00-12:00", "00:00-24:00")).turned_away == 0
    holiday = counted(read(tmp_path, queue, "09:00-12:00", "00:00-24:00", "date: '2026-01-01'"))
    assert holiday.turned_away == holiday.came > 0


def test_who_waits_when_it_closes_is_led_out_once_nobody_is_on_duty(tmp_path: Path) -> None:
    count = counted(read(tmp_path, ServiceQueue("day", opening=OPENING), "19:40-20:00", "08:00-10:00"))
    assert count.turned_away == count.came > 0
    assert max(count.waits) <= HOUR


def test_who_waits_when_it_closes_is_served_while_somebody_is(tmp_path: Path) -> None:
    count = counted(read(tmp_path, ServiceQueue("day", opening=OPENING), "19:40-20:00", "20:10-21:00"))
    assert count.turned_away == count.came, "at 20:00 nobody was there yet"
    count = counted(read(tmp_path, ServiceQueue("day", opening=OPENING), "19:40-20:00", "19:59-24:00"))
    assert (count.turned_away, count.answered) == (0, count.came)


def test_a_wait_leads_to_other_operators_after_its_time(tmp_path: Path) -> None:
    queue = ServiceQueue("day", overflow="night", overflow_after=600.0)
    written = read(tmp_path, queue, "09:00-10:00", "00:00-24:00")
    seen = []
    scenario = written.scenario(written.streams, ())
    run(scenario, "1", watch=lambda router, event, *_: seen.append(event))
    moved = [event.contact for event in seen if type(event).__name__ == "Enqueued"]
    by_call: dict[str, list[str]] = {}
    for contact in moved:
        by_call.setdefault(contact.id, []).append(contact.queue)
    assert set(map(tuple, by_call.values())) == {("day", "night")}
    assert len({(contact.id, contact.since) for contact in moved}) == len(by_call), "with the place that they had"


def test_what_is_no_date_is_told_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="no date: tomorrow; write year, month and day"):
        read(tmp_path, ServiceQueue("day"), "09:00-10:00", "00:00-24:00", "date: tomorrow")
