"""The intervals of a year are those that every one of its minutes shows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.flow.proof.calendar import spells
from tests.unit.ivr.flow.proof.written import AT, faults, written

CLOSED = "  start: {play: closed, then: message}\n"
OPEN = "  start: {play: p, then: operator}\n"


@pytest.mark.parametrize(
    ("zone", "hours", "day"),
    [
        ("Europe/Berlin", "{daily: '01:30-02:30'}", "2026-03-27"),
        ("Europe/Berlin", "{daily: '01:30-02:30, 23:00-00:30'}", "2026-10-23"),
        ("Australia/Lord_Howe", "{mon-fri: 01:45-20:00, sun: 00:00-24:00}", "2026-10-02"),
        ("Asia/Yekaterinburg", "{fri-mon: 20:00-04:00}", "2026-12-30"),
        ("Europe/Moscow", "24/7", "2026-12-30"),
    ],
)
def test_no_minute_is_left_out(tmp_path: Path, zone: str, hours: str, day: str) -> None:
    line = written(tmp_path, OPEN, hours=hours, zone=zone, closed=CLOSED).lines["one"]
    at = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).timestamp()
    found = list(spells(line, at, days=8))
    assert (found[0].start, found[-1].end) == (at, at + 8 * 86400)
    spell = iter(found)
    now = next(spell)
    for minute in range(8 * 1440):
        moment = at + minute * 60
        if moment >= now.end:
            assert moment == now.end, "an interval ends on a minute of the clock"
            now = next(spell)
        assert now.flow == line.flow_at(moment), moment


def test_a_fault_out_of_hours_is_shown_by_a_call_out_of_hours(tmp_path: Path) -> None:
    closed = "  start: {play: closed, then: again}\n  again: {play: again, then: start}\n"
    service = written(tmp_path, OPEN, hours="{mon-fri: 09:00-21:00}", closed=closed)
    found = [fault for fault in faults(service) if "for ever" in fault.reason]
    assert [fault.file for fault in found] == ["dialplans/closed.yaml"]
    assert found[0].call.startswith(
        "calls +7 800 555-35-38 on Wednesday, 2026-11-18 at 21:00, in 'ru'; hears \"closed ru\""
    )


def test_a_year_is_looked_ahead(tmp_path: Path) -> None:
    line = written(tmp_path, OPEN, hours="{mon-fri: 09:00-21:00}", closed=CLOSED).lines["one"]
    found = list(spells(line, AT))
    assert found[-1].end - AT == 366 * 86400
    assert len(found) == 525
