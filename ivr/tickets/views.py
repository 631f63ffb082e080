"""Tickets as programs read them: plain values for JSON, times in ISO 8601 (UTC)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from ivr.tickets.events import Attached
from ivr.tickets.models import Callback, Ticket
from ivr.tickets.tickets import Found

_COLUMNS = tuple(column.key for column in Ticket.__table__.columns)


def ticket_view(ticket: Ticket) -> dict[str, Any]:
    """A ticket of a list: its columns, and its identifiers masked."""
    view = {name: _plain(getattr(ticket, name)) for name in _COLUMNS}
    view["identification"] = [{"kind": given.kind, "masked": given.masked} for given in ticket.identifying]
    return view


def found_view(found: Found) -> dict[str, Any]:
    """A ticket with its log, wrap-up codes and its call's events; nothing sealed leaves."""
    state = found.state
    return {
        **ticket_view(found.ticket),
        "demand": state.demand,
        "outcome": state.outcome.outcome if state.outcome else "",
        "priority_reason": state.priority_reason,
        "notice": state.notice,
        "applicant": {kind: each.masked for kind, each in state.applicant.items()},
        "links": [{"number": each.to, "why": each.why} for each in state.links.values()],
        "attachments": [_file(each) for each in state.attachments],
        "comments": [event_view(each) for each in state.comments],
        "history": [event_view(each) for each in state.history],
        "wrap_ups": [event_view(each) for each in state.wrap_ups],
        "callback": _callback(found.ticket.callback),
        "log": [{"seq": seq, **event_view(each)} for seq, each in enumerate(found.log, 1)],
        "events": [{"seq": entry.seq, **event_view(entry.event)} for entry in found.events],
    }


def _file(attached: Attached) -> dict[str, Any]:
    return {"name": attached.name, "media": attached.media, "size": attached.size, "sha256": attached.sha256}


def event_view(event: Any) -> dict[str, Any]:
    """An event without its sealed parts, and without what the router saw: ``ivr why`` tells that."""
    view: dict[str, Any] = msgspec.to_builtins(event)
    for hidden in ("sealed", "digest", "seen"):
        view.pop(hidden, None)
    view["at"] = _plain(datetime.fromtimestamp(view["at"], UTC))
    return view


def _callback(callback: Callback | None) -> dict[str, Any] | None:
    shown = ("queue", "since", "opens_at", "closes_at", "masked", "status")
    return None if callback is None else {name: _plain(getattr(callback, name)) for name in shown}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
