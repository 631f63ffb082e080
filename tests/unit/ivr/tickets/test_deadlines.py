from datetime import UTC, date, datetime

import pytest

from ivr.tickets import deadlines
from ivr.tickets.deadlines import MOSCOW, due_at, working_days_after
from ivr.tickets.statuses import REGISTERED, STATUSES, StatusRefused, require


def expected_on(term: str, registered: datetime) -> date:
    return deadlines.expected_on(due_at(term, registered))


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


def test_hours_run_out_to_the_minute_and_days_with_their_last_day():
    registered = datetime(2026, 3, 5, 12, 0, tzinfo=MOSCOW)
    assert due_at("24h", registered) == datetime(2026, 3, 6, 12, 0, tzinfo=MOSCOW)
    assert due_at("7 working days", registered) == datetime(2026, 3, 18, 0, 0, tzinfo=MOSCOW)


def test_while_documents_are_awaited_the_term_stands_still():
    registered = datetime(2026, 3, 5, 12, 0, tzinfo=MOSCOW)
    overnight = [(datetime(2026, 3, 5, 18, 0, tzinfo=MOSCOW), datetime(2026, 3, 6, 9, 0, tzinfo=MOSCOW))]
    assert due_at("24h", registered, overnight) == datetime(2026, 3, 7, 3, 0, tzinfo=MOSCOW)
    over_the_holiday = [(datetime(2026, 3, 6, 10, 0, tzinfo=MOSCOW), datetime(2026, 3, 10, 10, 0, tzinfo=MOSCOW))]
    assert due_at("7 working days", registered, over_the_holiday) == datetime(2026, 3, 19, 0, 0, tzinfo=MOSCOW)


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
