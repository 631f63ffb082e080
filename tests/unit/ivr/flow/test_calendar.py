from __future__ import annotations

from datetime import date, timedelta

import pytest

from ivr.flow.calendar import is_shortened


@pytest.mark.parametrize(
    ("year", "decreed"),
    [
        (2024, {"02-22", "03-07", "05-08", "06-11", "11-02"}),
        (2025, {"03-07", "04-30", "06-11", "11-01"}),
        (2026, {"04-30", "05-08", "06-11", "11-03"}),
    ],
)
def test_shortened_days_are_those_of_the_production_calendar(year: int, decreed: set[str]) -> None:
    days = (date(year, 1, 1) + timedelta(days=step) for step in range(365))
    assert {f"{day:%m-%d}" for day in days if is_shortened(day)} == decreed
