"""What a queue asks for at the last, and when nobody on the roster can give it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ivr.flow.hours import read_hours
from ivr.flow.proof.demands import Rostered, Shift, demands, unmet
from ivr.flow.service import load
from ivr.settings import PROJECT
from tests.unit.ivr.flow.proof.written import AT, written

MOSCOW = ZoneInfo("Europe/Moscow")
ALWAYS = Shift(read_hours("24/7"), MOSCOW)
NODES = """
  start:
    queue: general
    needs: {tax: 3, language: caller}
    relax: {after 60s: {tax: 2}, after 120s: {tax: 1}}
    otherwise: message
"""


def person(shift: Shift = ALWAYS, **skills: int) -> Rostered:
    return Rostered("anna", {name.replace("_", "."): level for name, level in skills.items()}, shift)


def test_what_is_needed_after_every_relaxation(tmp_path: Path) -> None:
    found = [demand for demand in demands(written(tmp_path, NODES)) if demand.place.node == "start"]
    assert [(demand.queue, demand.needs) for demand in found] == [
        ("general", {"tax": 1, "language.en": 1}),
        ("general", {"tax": 1, "language.ru": 1}),
    ]


def test_one_person_who_relaxation_makes_eligible_is_enough(tmp_path: Path) -> None:
    emitted = list(demands(written(tmp_path, NODES)))
    both = [person(tax=1, language_ru=1), person(tax=1, language_en=1)]
    assert list(unmet(emitted, both, {}, AT)) == []
    lacking = list(unmet(emitted, both[:1], {}, AT))
    assert {(gap.demand.language, gap.nobody, gap.at) for gap in lacking} == {("en", True, AT)}


def test_an_hour_in_which_nobody_is_on_duty(tmp_path: Path) -> None:
    emitted = [demand for demand in demands(written(tmp_path, NODES)) if demand.language == "ru"]
    early = person(Shift(read_hours({"daily": "08:00-16:00"}), MOSCOW), tax=1, language_ru=1)
    late = person(Shift(read_hours({"mon-sat": "16:00-20:00"}), MOSCOW), tax=1, language_ru=1)
    opening = {"general": Shift(read_hours({"daily": "08:00-20:00"}), MOSCOW)}
    gap = next(unmet(emitted, [early, late], opening, AT))
    assert not gap.nobody
    assert datetime.fromtimestamp(gap.at, UTC).isoformat() == "2026-11-22T13:00:00+00:00", "Sunday, 16:00 in Moscow"
    whole = person(Shift(read_hours({"sun": "15:00-21:00"}), MOSCOW), tax=1, language_ru=1)
    assert list(unmet(emitted, [early, late, whole], opening, AT)) == []


def test_the_shipped_queues_come_to_need_nothing_that_an_operator_may_lack() -> None:
    assert list(unmet(demands(load(PROJECT)), [person()], {}, AT)) == []
