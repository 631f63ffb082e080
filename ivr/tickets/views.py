"""Tickets as programs read them: plain values for JSON, times in ISO 8601 (UTC)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from ivr.tickets.models import Callback, Ticket
from ivr.tickets.tickets import Found

_COLUMNS = tuple(column.key for column in Ticket.__table__.columns)


def ticket_view(ticket: Ticket) -> dict[str, Any]:
    """A ticket of a list: its columns, and its identifiers masked."""
    view = {name: _plain(getattr(ticket, name)) for name in _COLUMNS}
    view["identification"] = [{"kind": given.kind, "masked": given.masked} for given in ticket.identifiers]
    return view


def found_view(found: Found) -> dict[str, Any]:
    """A ticket with its changes of status, wrap-up codes and its call's events; nothing sealed leaves."""
    view = ticket_view(found.ticket)
    view["history"] = [
        {
            "at": _plain(change.at),
            "before": change.before,
            "after": change.after,
            "by": change.by,
            "reason": change.reason,
        }
        for change in found.ticket.history
    ]
    view["wrap_ups"] = [{"at": _plain(said.at), "code": said.code, "by": said.by} for said in found.ticket.wrap_ups]
    view["callback"] = _callback(found.ticket.callback)
    view["events"] = [{"seq": entry.seq, **event_view(entry.event)} for entry in found.events]
    return view


def event_view(event: Any) -> dict[str, Any]:
    """An event without its sealed parts."""
    view: dict[str, Any] = msgspec.to_builtins(event)
    for secret in ("sealed", "digest"):
        view.pop(secret, None)
    view["at"] = _plain(datetime.fromtimestamp(view["at"], UTC))
    return view


def _callback(callback: Callback | None) -> dict[str, Any] | None:
    shown = ("queue", "since", "opens_at", "closes_at", "masked", "status")
    return None if callback is None else {name: _plain(getattr(callback, name)) for name in shown}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
