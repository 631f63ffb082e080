"""``ivr simulate`` as a person runs it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr import cli
from ivr.cli import Refusal
from ivr.cli import simulate as command
from ivr.settings import PROJECT

SCENARIO = """
days: 4
calls:
  help: {asks: {queue: technical}, an-hour: 20, talks: {exponential: 4m}, patience: {exponential: 2m}}
operators:
  anna: {number: 2}
"""


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IVR_CONFIG", str(PROJECT))
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("IVR_DATABASE_URL", raising=False)
    path = tmp_path / "day.yaml"
    path.write_text(SCENARIO, "utf-8")
    return path


def ran(*words: object) -> Result:
    return CliRunner().invoke(cli.app, [command.simulate.__name__, *map(str, words)])


def refused(*words: object) -> Refusal:
    error = ran(*words).exception
    assert isinstance(error, Refusal)
    return error


def test_figures_by_queue_language_and_class_for_people_and_programs(scenario: Path) -> None:
    table = ran(scenario)
    assert table.exit_code == 0
    assert "queue technical" in table.output and "class normal" in table.output
    told = json.loads(ran(scenario, "--format", "json").output)
    assert (told["days"], told["confidence"]) == (4, 0.95)
    row = next(row for row in told["rows"] if (row["by"], row["name"]) == ("language", "ru"))
    assert 400 < row["calls"]["mean"] < 560
    assert 0 < row["service_level"]["mean"] < 1 and row["service_level"]["half"] > 0
    assert row["occupancy"]["mean"] == pytest.approx(20 / 60 * 4 / 2, rel=0.25)


def test_the_same_seed_gives_the_same_figures(scenario: Path) -> None:
    once, again, other = (ran(scenario, "--format", "json", "--seed", seed).output for seed in (3, 3, 4))
    assert once == again != other


def test_the_picture_is_sound_and_tells_its_figures_to_those_who_listen(scenario: Path) -> None:
    root = ET.fromstring(ran(scenario, "--format", "svg").output)
    said = root.find("{http://www.w3.org/2000/svg}desc")
    assert said is not None and "queue technical: answered in 20 s" in (said.text or "")


def test_what_cannot_be_simulated_is_said_with_its_mend(scenario: Path) -> None:
    assert refused(scenario.parent / "none.yaml").status == 2
    assert "say --yesterday" in str(refused())
    scenario.write_text("calls: {help: {asks: {queue: technicl}}}", "utf-8")
    error = refused(scenario)
    assert error.status == 2 and "the key 'an-hour' is missing" in str(error)


def test_a_day_without_calls_is_told(scenario: Path) -> None:
    assert "waited in a queue" in str(refused("--yesterday"))
