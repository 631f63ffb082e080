from datetime import UTC, date, datetime

import pytest

from ivr.tickets.deadlines import MOSCOW, expected_on, working_days_after
from ivr.tickets.statuses import REGISTERED, STATUSES, StatusRefused, require


def test_a_reference_question_or_what_has_no_section_is_answered_in_24_hours():
    assert expected_on("24h", datetime(2026, 3, 6, 18, 0, tzinfo=UTC)) == date(2026, 3, 7)
    assert expected_on("", datetime(2026, 3, 6, 22, 0, tzinfo=UTC)) == date(2026, 3, 8)


def test_an_application_takes_seven_working_days_over_a_moved_holiday():
    # 8 March 2026 is a Sunday, moved to Monday the 9th
    assert expected_on("7 working days", datetime(2026, 3, 5, 12, 0, tzinfo=MOSCOW)) == date(2026, 3, 17)


def test_a_complaint_takes_ten_working_days_over_new_year():
    assert expected_on("10 working days", datetime(2025, 12, 29, 12, 0, tzinfo=MOSCOW)) == date(2026, 1, 22)


def test_a_working_saturday_counts():
    # 1 November 2025 was a Saturday on which all worked, for Monday the 3rd
    assert working_days_after(date(2025, 10, 31), 1) == date(2025, 11, 1)
    assert working_days_after(date(2025, 11, 1), 1) == date(2025, 11, 5)


def test_the_day_is_moscows():
    assert expected_on("7 working days", datetime(2026, 6, 1, 22, 0, tzinfo=UTC)) == working_days_after(
        date(2026, 6, 2), 7
    )


def test_every_status_is_named_and_reachable():
    assert all(set(status.names) == {"ru", "en", "tt"} for status in STATUSES.values())
    reached, fresh = {REGISTERED}, [REGISTERED]
    while fresh:
        following = set(STATUSES[fresh.pop()].next) - reached
        reached |= following
        fresh += following
    assert reached == set(STATUSES)


def test_a_forbidden_change_tells_what_is_allowed():
    with pytest.raises(
        StatusRefused, match="'approved' may not follow 'registered'; what may: in-progress, done, refused"
    ):
        require("registered", "approved")
    with pytest.raises(StatusRefused, match="it is final"):
        require("done", "registered")
    with pytest.raises(StatusRefused, match="there is no status 'lost'; there are registered"):
        require("registered", "lost")
    require("refused", "registered")
