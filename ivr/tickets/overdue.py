"""What the rules of escalation do to a ticket that is overdue: the events that are due now, each once. Pure.

A rule is done with a ticket once the log tells so since the ticket's present due moment: whoever asks again, after a
restart or in another engine, gets nothing. A ticket whose term was extended may become overdue anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.flow.calendar import is_working_day
from ivr.flow.escalation import LEVELS, Rule
from ivr.tickets.deadlines import MOSCOW, day_over, expected_on, working_days_after
from ivr.tickets.events import TOP_PRIORITY, AnyTicketEvent, Escalated, Prioritised
from ivr.tickets.state import TicketState

BY, WHY = "rules", "overdue"


def events_due(state: TicketState, rules: Sequence[Rule], now: float) -> list[AnyTicketEvent]:
    """What is to be written at ``now`` (seconds since 1970); nothing the second time.

    Somebody may have handed it higher up already: then it stays there, and its priority rises all the same.
    """
    level, priority = state.level, state.priority
    said: list[AnyTicketEvent] = []
    for rule, moment in _undone(state, rules):
        if moment.timestamp() > now:
            continue
        level = max(level, rule.to, key=_height)
        said.append(Escalated(at=now, by=BY, to=level, why=WHY, rule=rule.name))
        raised = min(TOP_PRIORITY, priority + rule.priority)
        if raised > priority:
            said.append(Prioritised(at=now, by=BY, priority=raised, why=WHY))
            priority = raised
    return said


def next_moment(state: TicketState, rules: Sequence[Rule]) -> datetime | None:
    """When the first of the rules not done yet has something to do, be it past; None for never as things are."""
    return min((moment for _, moment in _undone(state, rules)), default=None)


def reached(rule: Rule, due: datetime, zone: ZoneInfo = MOSCOW) -> datetime:
    """When a ticket that was due at ``due`` is overdue for as long as the rule says; days run out with the last one."""
    if rule.after is None:
        return due
    if not rule.after.in_days:
        return due + timedelta(hours=rule.after.amount)
    return day_over(working_days_after(expected_on(due, zone), rule.after.amount), zone=zone)


def latest_due(rule: Rule, now: datetime, zone: ZoneInfo = MOSCOW) -> datetime:
    """The rule has something to do with tickets due at this moment or before it: ``reached`` turned round."""
    if rule.after is None:
        return now
    if not rule.after.in_days:
        return now - timedelta(hours=rule.after.amount)
    day, left = now.astimezone(zone).date() - timedelta(days=1), rule.after.amount
    while left:
        left -= is_working_day(day)
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _undone(state: TicketState, rules: Sequence[Rule]) -> Iterator[tuple[Rule, datetime]]:
    due = state.due
    if due is None:
        return
    done = {each.rule for each in state.escalations if each.at >= due.timestamp()}
    for rule in rules:
        if rule.name not in done:
            yield rule, reached(rule, due).astimezone(UTC)


def _height(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1
