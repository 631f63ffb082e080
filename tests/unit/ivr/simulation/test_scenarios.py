"""What an admin writes is what is simulated, and what is wrong is told at its place with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.flow.problem import Problems
from ivr.flow.queues import ServiceQueue
from ivr.settings import PROJECT
from ivr.simulation.loading import read_scenario
from routing.simulate.draws import Exponential, LogNormal

QUEUES = {name: ServiceQueue(name) for name in ("technical", "payments", "documents")}
CALLS = "calls:\n  help:\n    asks: {queue: technical, needs: {technical: 2, language: caller}}\n"
PLAIN = f"{CALLS}    an-hour: 60\n    talks: {{exponential: 4m}}\n"
STAFF = "operators:\n  anna: {skills: {technical: 3}, languages: [ru, tt]}\n"


def read(tmp_path: Path, text: str):
    path = tmp_path / "day.yaml"
    path.write_text(text, "utf-8")
    return read_scenario(path, QUEUES)


def test_the_shipped_scenario_is_sound() -> None:
    written = read_scenario(PROJECT / "scenarios/workday.yaml", QUEUES)
    assert {stream.language for stream in written.streams} == {"ru", "tt", "en"}
    assert written.staff


def test_calls_by_language_with_their_demands_rates_and_lengths(tmp_path) -> None:
    text = (
        CALLS.replace("caller}}", "caller}, relax: {after 60s: {technical: 1}}, max-wait: 10m, priority: 3}")
        + "    an-hour: {'08:00-12:00': 60, '12:00-24:00': 30}\n    languages: {ru: 3, tt: 1}\n"
        + "    talks: {lognormal: 4m, deviation: 3m}\n    patience: {exponential: 2m}\n    class: urgent\n"
        + STAFF
    )
    ru, tt = read(tmp_path, text).streams
    assert (ru.language, ru.kind, ru.max_wait, ru.contact.priority) == ("ru", "urgent", 600.0, 3)
    assert tt.contact.needs == {"technical": 2, "language.tt": 1}
    assert tt.contact.relax == ((60.0, {"technical": 1, "language.tt": 1}),)
    assert [(rate.start / 3600, rate.end / 3600, rate.per_second * 3600) for rate in ru.rates] == [
        (8, 12, 45),
        (12, 24, 22.5),
    ]
    assert (ru.service, ru.patience) == (LogNormal(240.0, 180.0), Exponential(120.0))


def test_operators_by_number_and_shift(tmp_path) -> None:
    staff = "operators:\n  day: {number: 2, skills: {technical: 3}, shifts: ['08:00-16:00', '20:00-24:00']}\n"
    one, two = read(tmp_path, PLAIN + staff).staff
    assert (one.operator.id, two.operator.id) == ("day-1", "day-2")
    assert one.operator.skills == {"technical": 3, "language.ru": 5}
    assert one.shifts == ((8 * 3600, 16 * 3600), (20 * 3600, float("inf")))


def test_other_rules_of_a_queue(tmp_path) -> None:
    written = read(tmp_path, PLAIN + STAFF + "queues:\n  technical: {ring: 7s, wrap-up: 0s}\n")
    assert (written.queues["technical"].ring, written.queues["technical"].wrap_up) == (7.0, 0.0)
    assert written.queues["payments"] == QUEUES["payments"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PLAIN.replace("queue: technical", "queue: tecnical") + STAFF, "no queue is called 'tecnical'"),
        (PLAIN.replace("60", "{'08:00-12:00': 1, '11:00-13:00': 1}") + STAFF, "two spans overlap"),
        (PLAIN.replace("60", "{'20:00-06:00': 1}") + STAFF, "no span of a day: 20:00-06:00; write 08:00-20:00"),
        (PLAIN.replace("{exponential: 4m}", "{exponential: 4m, always: 1m}") + STAFF, "told in one way"),
        (PLAIN.replace("exponential: 4m", "exponential: 4") + STAFF, "no length of time: 4: 4; write 20s"),
        (PLAIN.replace("60", "-1") + STAFF, "the least is 0.0: -1"),
        (PLAIN.replace("60", "100000") + STAFF + "days: 1000\n", "would take too long"),
        (PLAIN.replace("technical: 2", "technical: 5") + STAFF, "no operator has all of technical: 5, language.ru: 1"),
        (PLAIN.replace("    talks: {exponential: 4m}\n", "") + STAFF, "the key 'talks' is missing"),
        (PLAIN + STAFF + "queues:\n  technical: {strategy: best}\n", "no strategy 'best'"),
        (PLAIN + STAFF + "operatrs: {}\n", "unknown key 'operatrs'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, told) -> None:
    with pytest.raises(Problems) as raised:
        read(tmp_path, text)
    (problem,) = raised.value.problems
    assert told in str(problem)
    assert str(problem).startswith("day.yaml:")
