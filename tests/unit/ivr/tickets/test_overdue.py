"""What is overdue goes up by the rules: at the right moment, once, and anew only when a new term runs out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.flow.escalation import Rule
from ivr.flow.term import Term
from ivr.tickets.deadlines import MOSCOW
from ivr.tickets.events import Escalated, Extended, Moved, Opened, Prioritised
from ivr.tickets.overdue import events_due, latest_due, next_moment, reached
from ivr.tickets.state import TicketState, folded

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
DUE = AT + timedelta(hours=24)
RULES = (
    Rule("late", "senior", None, 2),
    Rule("later", "head-of-group", Term(4, in_days=False), 3),
    Rule("last", "profile-department", Term(1, in_days=True), 9),
)


def ticket(*events):
    letter = Opened(at=AT.timestamp(), by="anna", channel="letter", term="24h")
    return folded(TicketState(0.0), [letter, *events])


def said(events):
    return [(each.rule, each.to) if isinstance(each, Escalated) else each.priority for each in events]


def after(**time):
    return (DUE + timedelta(**time)).timestamp()


def test_nothing_is_due_before_the_term_has_run_out():
    assert events_due(ticket(), RULES, after(seconds=-1)) == []
    assert next_moment(ticket(), RULES) == DUE


def test_each_rule_acts_at_its_moment_and_once():
    state = ticket()
    for moment, expected in (
        ({"seconds": 0}, [("late", "senior"), 2]),
        ({"hours": 4}, [("later", "head-of-group"), 5]),
        ({"days": 30}, [("last", "profile-department"), 9]),
    ):
        events = events_due(state, RULES, after(**moment))
        assert said(events) == expected
        folded(state, events)
        assert events_due(state, RULES, after(**moment)) == []
    assert (state.level, state.priority, state.priority_reason) == ("profile-department", 9, "overdue")
    assert next_moment(state, RULES) is None


def test_after_a_long_stop_all_that_was_missed_is_written_in_order():
    missed = events_due(ticket(), RULES, after(days=30))
    assert said(missed) == [("late", "senior"), 2, ("later", "head-of-group"), 5, ("last", "profile-department"), 9]


def test_what_somebody_handed_higher_stays_there_and_rises_in_priority():
    by_hand = Escalated(at=AT.timestamp(), by="anna", to="head-of-group", why="the minister asked")
    state = ticket(by_hand, Prioritised(at=AT.timestamp(), by="anna", priority=8))
    assert said(events_due(state, RULES, after())) == [("late", "head-of-group"), 9]


def test_nothing_happens_to_what_is_closed_or_waits_for_documents():
    for status in ("done", "waiting-for-documents"):
        moved = Moved(at=AT.timestamp(), by="anna", before="registered", after=status)
        assert events_due(ticket(moved), RULES, after(days=30)) == []
        assert next_moment(ticket(moved), RULES) is None


def test_an_extended_term_that_runs_out_too_is_escalated_anew():
    state = ticket()
    folded(state, events_due(state, RULES, after()))
    folded(state, [Extended(at=after(hours=1), by="anna", until=date(2026, 3, 16), reason="an expert is asked")])
    assert events_due(state, RULES, after(hours=5)) == []
    assert said(events_due(state, RULES, state.due.timestamp())) == [("late", "senior"), 4]


@pytest.mark.parametrize(
    ("due", "days", "expected"),
    [
        (datetime(2026, 3, 6, 0, 0, tzinfo=MOSCOW), 1, datetime(2026, 3, 7, 0, 0, tzinfo=MOSCOW)),
        # the 7th to the 9th of March 2026 are free
        (datetime(2026, 3, 6, 15, 0, tzinfo=MOSCOW), 1, datetime(2026, 3, 11, 0, 0, tzinfo=MOSCOW)),
    ],
)
def test_a_working_day_overdue_is_over_with_the_day(due, days, expected):
    assert reached(Rule("r", "senior", Term(days, in_days=True)), due) == expected


@given(
    st.floats(0, 365 * 2),
    st.floats(0, 365 * 2),
    st.one_of(st.none(), st.builds(Term, st.integers(1, 20), st.booleans())),
)
def test_the_database_is_asked_for_exactly_those_that_a_rule_has_reached(due, now, term):
    rule, start = Rule("r", "senior", term), datetime(2025, 1, 1, tzinfo=UTC)
    due, now = start + timedelta(days=due), start + timedelta(days=now)
    assert (due <= latest_due(rule, now)) == (reached(rule, due) <= now)
