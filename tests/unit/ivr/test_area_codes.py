"""The area code of a fixed line tells the caller's region, as phonenumbers' geocoder would."""

from __future__ import annotations

import re

import pytest
from phonenumbers.geodata import GEOCODE_DATA

from ivr.area_codes import AREAS, area_of, region_of
from ivr.flow.service import load
from ivr.settings import PROJECT

LINES = tuple(load(PROJECT).lines.values())


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("+74951234567", "moscow"),
        ("+74991234567", "moscow"),
        ("+74961234567", "moscow"),
        ("+78121234567", "saint-petersburg"),
        ("+78131234567", "saint-petersburg"),
        ("+78612123456", "krasnodar"),
        ("+78622123456", "krasnodar"),
        ("+78432123456", "tatarstan"),
        ("+78552123456", "tatarstan"),
        ("+73432123456", "sverdlovsk"),
        ("+73832123456", "novosibirsk"),
        ("+74012123456", "unknown"),
        ("+73822123456", "unknown"),
        ("+79161234567", "unknown"),
        ("+78002000600", "unknown"),
        ("+77172123456", "unknown"),
        ("+4930901820", "unknown"),
        ("+14951234567", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_callers_region_is_that_of_a_line_or_unknown(number: str, region: str) -> None:
    assert region_of(number, LINES) == region


def test_the_table_says_what_the_geocoder_says() -> None:
    told = {code: _words(area) for area, codes in AREAS.items() for code in codes}
    theirs = {
        prefix[1:]: _words(names["ru"])
        for prefix, names in GEOCODE_DATA.items()
        if prefix.startswith("7") and prefix[1] not in "67"  # Kazakhstan
    }
    assert told.keys() == theirs.keys()
    assert not {code: (told[code], theirs[code]) for code in told if not told[code] & theirs[code]}


def _words(area: str) -> set[str]:
    """What names the place, without what sort of place it is."""
    plain = area.replace("\N{COMBINING ACUTE ACCENT}", "").replace("Байконыр", "Байконур")
    sorts = {"республика", "область", "обл", "край", "ао", "автономный", "автономная", "округ", "народная"}
    return set(re.findall(r"\w+", plain.casefold())) - sorts


def test_two_digits_are_a_code_too() -> None:
    assert area_of("+74012345678") == "Калининградская область"
