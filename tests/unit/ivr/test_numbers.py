from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.flow.service import load
from ivr.numbers import normalise
from ivr.settings import PROJECT

FREE = ["8005553535", "8005553536", "8005553537", "8005553538", "8005553539", "8005553540", "8005553500", "8005554433"]
MOSCOW = ["4957713030", "4957713031", "4957713032"]
FORMS = ["8{}", "+7{}", "7{}", "{}", "8107{}", "007{}", "0117{}", "tel:+7{}"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("national", FREE + MOSCOW)
def test_every_number_in_every_written_form_finds_its_line(national: str, form: str) -> None:
    assert normalise(form.format(national)) == f"+7{national}"
    grouped = f"{national[:3]}) {national[3:6]}-{national[6:8]}-{national[8:]}"
    if form in ("8{}", "+7{}", "8107{}", "007{}", "0117{}"):
        prefix = form.removesuffix("{}")
        assert normalise(f"{prefix} ({grouped}") == f"+7{national}"


def test_the_forms_of_the_source() -> None:
    for written in ("8 800 555-35-35", "+7 800 555 35 35", "7800 555‑35‑35", "8 (800) 555 35 35"):
        assert normalise(written) == "+78005553535"
    for written in ("810 7 495 771-30-30", "8~10 7 495 771 30 30", "00 7 495 771-30-30", "011 7 495 771-30-30"):
        assert normalise(written) == "+74957713030"


def test_the_eleven_numbers_belong_to_the_eleven_lines() -> None:
    service = load(PROJECT)
    lines = [service.route(number, 0.0).line.name for number in FREE + MOSCOW]
    assert lines[:4] == ["moscow", "saint-petersburg", "krasnodar", "tatarstan"]
    assert lines[4:8] == ["sverdlovsk", "novosibirsk", "all-russia", "federal"]
    assert lines[8:] == ["abroad", "abroad-documents", "abroad-business"]


def test_numbers_from_elsewhere() -> None:
    assert normalise("+44 20 7946 0958") == "+442079460958"
    assert normalise("810 44 20 7946 0958") == "+442079460958"
    assert normalise("00 49 30 123456") == "+4930123456"


@pytest.mark.parametrize("raw", ["", "112", "anonymous", "12345", "+", "7" * 41, "8 800 555-35-35; rm", "٨٨٠٠٥٥٥٣٥٣٥"])
def test_what_is_no_number(raw: str) -> None:
    assert normalise(raw) is None


@given(st.text(max_size=60))
def test_nothing_crashes_it_and_its_answer_is_stable(raw: str) -> None:
    number = normalise(raw)
    assert number is None or normalise(number) == number
