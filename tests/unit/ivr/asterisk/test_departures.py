"""Calls that ended without the engine are told once, and again when they could not be dealt with."""

from pathlib import Path

import pytest

from ivr.asterisk.departures import drained, parse

TALKED = "1732.5|1732000000|1732000090|+79160000001|88005553538||ANSWER|PJSIP/anna-0000000a|1732000027"
STATIC = "1732.6|1732000000|1732000030||+74957713030|1|NOANSWER||"


def test_a_conversation_that_outlived_the_engine() -> None:
    departure = parse(TALKED)
    assert departure is not None
    assert (departure.operator, departure.talk_seconds, departure.static) == ("anna", 63.0, False)


def test_a_call_that_no_engine_saw() -> None:
    departure = parse(STATIC)
    assert departure is not None
    assert (departure.caller, departure.dialled, departure.static) == ("", "+74957713030", True)
    assert departure.talk_seconds is None


@pytest.mark.parametrize("line", ["", "1732.5|17", "a|b|c|d|e|f|g|h|i", "|1|2||||||"])
def test_a_line_cut_short_is_none(line: str) -> None:
    assert parse(line) is None


def test_departures_are_told_again_until_they_have_been_dealt_with(tmp_path: Path) -> None:
    path = tmp_path / "departures.csv"
    path.write_text(TALKED + "\n")
    with pytest.raises(OSError, match="database"), drained(path) as departures:
        path.write_text(STATIC + "\n")  # another call ends meanwhile
        raise OSError("database")
    told = []
    for _ in range(3):
        with drained(path) as departures:
            told.append([departure.call_id for departure in departures])
    assert told == [["1732.5"], ["1732.6"], []]


def test_a_line_that_was_being_written_when_the_file_was_taken_is_told(tmp_path: Path) -> None:
    path = tmp_path / "departures.csv"
    path.write_text(TALKED + "\n")
    with drained(path) as departures:
        path.with_suffix(".taken").write_text(TALKED + "\n" + STATIC + "\n")
    with drained(path) as departures:
        assert [departure.call_id for departure in departures] == ["1732.5", "1732.6"]
    with drained(path) as departures:
        assert not departures
