"""0 and a flow's rescue reach a person whatever follows."""

from __future__ import annotations

from pathlib import Path

from ivr.flow.service import load
from tests.unit.ivr.flow.proof.written import faults, written

MENU = "  start: {menu: m, keys: {1: operator, 0: %s}, otherwise: operator}\n"


def test_nought_that_comes_to_a_person_only_by_another_key(tmp_path: Path) -> None:
    nodes = MENU % "sure" + "  sure: {menu: sure, keys: {1: operator, 0: operator}, otherwise: bye}\n"
    (fault,) = faults(written(tmp_path, nodes))
    assert (fault.reason, fault.text, fault.line) == ("0 leads to nobody", "sure", 7)
    assert fault.call == (
        "calls +7 800 555-35-38, in 'ru'; hears \"m ru\"; presses 0; "
        'hears "sure ru"; presses nothing three times; hears "goodbye ru"'
    )


def test_nought_that_comes_to_a_person_by_itself(tmp_path: Path) -> None:
    nodes = MENU % "sure" + "  sure: {menu: sure, keys: {1: bye, 0: operator}, otherwise: operator}\n"
    assert faults(written(tmp_path, nodes)) == []


def test_nought_in_an_entry(tmp_path: Path) -> None:
    nodes = "  start: {collect: snils, then: operator, operator: bye}\n"
    (fault,) = faults(written(tmp_path, nodes))
    assert (fault.reason, fault.text) == ("0 leads to nobody", "bye")


def test_a_rescue_past_every_person(tmp_path: Path) -> None:
    nodes = "  start: {flow: other}\n"
    written(tmp_path, nodes, other="  start: {play: p, then: operator}\n")
    path = tmp_path / "dialplans/other.yaml"
    text = path.read_text("utf-8").replace("rescue: operator", "rescue: sorry")
    path.write_text(text + "  sorry: {play: sorry, then: bye}\n", "utf-8")
    (fault,) = faults(load(tmp_path))
    assert (fault.reason, fault.file) == ("this node leads to nobody", "dialplans/other.yaml")
    assert 'meets a fault of ours; hears "sorry ru"' in fault.call


def test_a_rescue_without_a_way_on_would_end_the_call(tmp_path: Path) -> None:
    written(tmp_path, "  start: {play: p, then: operator}\n")
    path = tmp_path / "dialplans/main.yaml"
    path.write_text(path.read_text("utf-8").replace("general, otherwise: message}", "general, then: message}"), "utf-8")
    (fault,) = faults(load(tmp_path))
    assert "nothing said: 'otherwise' leads to the rescue" in fault.reason
    assert (fault.text, fault.line) == ("operator", 9)
