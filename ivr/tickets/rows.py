"""What a call's state says, as the rows of its ticket."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ivr.calllog.events import CallbackAsked
from ivr.calllog.state import CallState
from ivr.tickets import statuses
from ivr.tickets.state import TicketState


def ticket_row(call: CallState) -> dict[str, Any]:
    """The ticket's columns as the call's events tell them."""
    return {
        "number": call.ticket,
        "call_id": call.call_id,
        "registered_at": moment(call.started),
        "channel": "phone",
        "line": call.line,
        "called": call.called,
        "dialled": call.dialled,
        "version": call.version,
        "caller": call.caller,
        "region": call.region,
        "language": call.language,
        "flow": call.flow,
        "path": call.path,
        "unidentified": call.unidentified,
        "queue": call.queue,
        "queued_at": _maybe(call.queued_since),
        "wait_seconds": call.wait_seconds,
        "operator": call.operator,
        "answered_at": _maybe(call.answered),
        "talk_seconds": call.talk_seconds,
        "recording": call.recording,
        "unrecorded": call.unrecorded,
        "message": call.message,
        "ended_at": _maybe(call.ended),
        "end": call.end and call.end.value,
        "rating": call.rating,
        **TicketState.of_call(call).columns(),
    }


def identifier_rows(call: CallState) -> list[dict[str, Any]]:
    """The identifiers that the caller keyed."""
    return [
        {
            "number": call.ticket,
            "position": position,
            "kind": given.kind,
            "masked": given.masked,
            "sealed": given.sealed,
            "digest": given.digest,
        }
        for position, given in enumerate(call.identifiers, 1)
    ]


def callback_row(number: int, asked: CallbackAsked) -> dict[str, Any]:
    """The call back that a ticket's caller asked for."""
    return {
        "number": number,
        "queue": asked.queue,
        "needs": asked.needs,
        "since": moment(asked.since),
        "opens_at": moment(asked.opens),
        "closes_at": moment(asked.closes),
        "masked": asked.masked,
        "sealed": asked.sealed,
        "digest": asked.digest,
        "status": statuses.CALLBACK_WAITING,
    }


def _maybe(seconds: float | None) -> datetime | None:
    return None if seconds is None else moment(seconds)


def moment(seconds: float) -> datetime:
    """Raises ValueError for what is no date. The C library's OSError for a year past all others is no fault of a disk,
    and tried again it would come for ever."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OSError, OverflowError) as error:
        raise ValueError("a time that is no date") from error
