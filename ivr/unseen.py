"""The ticket of a call that no engine saw: Asterisk's dialplan told of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivr.call import Journal
from ivr.calllog.events import Answered, AnyEvent, End, Ended, MessageLeft, Started, TalkEnded
from ivr.flow.service import Service
from ivr.numbers import normalise


@dataclass(frozen=True, slots=True)
class UnseenCall:
    """What is known of it. Times: seconds since 1970. ``talk_seconds``: None when nobody answered.

    ``message``: below the recordings' folder, "" for none.
    """

    call_id: str
    started: float
    ended: float
    dialled: str
    caller: str
    operator: str
    talk_seconds: float | None
    static: bool
    message: str


def record(call: UnseenCall, service: Service, take_number: Callable[[], int], journal: Journal) -> None:
    """Write the whole call to the journal: the same events that an engine would have written."""
    for seq, event in enumerate(_events(call, service, take_number()), 1):
        journal.append(call.call_id, seq, event)


def _events(call: UnseenCall, service: Service, ticket: int) -> list[AnyEvent]:
    route = service.route(call.dialled, call.started)
    events: list[AnyEvent] = [
        Started(
            at=call.started,
            ticket=ticket,
            called=route.called,
            caller=normalise(call.caller) or "",
            line=route.line.name,
            region=route.line.region,
            language=route.line.languages[0],
            flow=route.flow,
            dialled=call.dialled,
        )
    ]
    end, why = End.INTERRUPTED, "the caller left before an engine was there"
    if call.talk_seconds is not None:
        events.append(Answered(at=call.ended - call.talk_seconds, operator=call.operator))
        events.append(TalkEnded(at=call.ended, operator=call.operator, seconds=call.talk_seconds))
        end, why = (
            (End.STATIC, "no engine was there; every operator was rung")
            if call.static
            else (End.ANSWERED, "the engine restarted during the call")
        )
    elif call.message:
        events.append(MessageLeft(at=call.ended, path=call.message, seconds=0.0))
        end, why = End.MESSAGE, "no engine was there, and nobody answered"
    return [*events, Ended(at=call.ended, end=end, why=why)]
