"""How each event of a call changes what is known of it; one function an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ivr.calllog.events import (
    CLOSED,
    Answered,
    AttributeSet,
    CallbackAsked,
    Ended,
    Identified,
    LanguageChosen,
    LineChosen,
    MessageLeft,
    NodeEntered,
    NotRecorded,
    Offered,
    OfferFailed,
    PrioritySet,
    Queued,
    QueueLeft,
    Rated,
    RecordingStarted,
    Resumed,
    SectionChosen,
    Started,
    SubFlowEntered,
    SubFlowLeft,
    TalkEnded,
    TicketAsked,
    TransferBegan,
    TransferEnded,
    Unidentified,
)

if TYPE_CHECKING:
    from ivr.calllog.state import CallState


def _started(call: CallState, event: Started) -> None:
    call.started, call.ticket = event.at, event.ticket
    call.called, call.caller, call.dialled = event.called, event.caller, event.dialled
    call.version = event.version
    call.line, call.region, call.language, call.flow = event.line, event.region, event.language, event.flow


def _line(call: CallState, event: LineChosen) -> None:
    call.line, call.region, call.flow, call.node = event.line, event.region, event.flow, ""


def _language(call: CallState, event: LanguageChosen) -> None:
    call.language, call.language_known = event.language, True


def _node(call: CallState, event: NodeEntered) -> None:
    call.flow, call.node = event.flow, event.node
    call.path.append(f"{event.flow}.{event.node}")
    call.frames = list(call.onward)
    call.depths.append(len(call.frames))
    call.resumed_here = 0


def _section(call: CallState, event: SectionChosen) -> None:
    call.section, call.category, call.term = event.section, event.category, event.term
    call.complexity = event.complexity


def _identified(call: CallState, event: Identified) -> None:
    call.identifiers.append(event)
    call.unidentified = ""


def _unidentified(call: CallState, event: Unidentified) -> None:
    if not call.identifiers:
        call.unidentified = event.why


def _ticket_asked(call: CallState, event: TicketAsked) -> None:
    call.asked_ticket = event.ticket if event.found else 0
    call.asked_operator = event.operator


def _attribute(call: CallState, event: AttributeSet) -> None:
    call.attributes[event.name] = event.value


def _priority(call: CallState, event: PrioritySet) -> None:
    call.priority = event.priority


def _sub_flow_entered(call: CallState, event: SubFlowEntered) -> None:
    call.onward.append(event)


def _sub_flow_left(call: CallState, _: SubFlowLeft) -> None:
    if call.onward:
        call.onward.pop()


def _rated(call: CallState, event: Rated) -> None:
    call.rating = event.rating


def _callback(call: CallState, event: CallbackAsked) -> None:
    call.callback = event


def _transfer_began(call: CallState, event: TransferBegan) -> None:
    call.transferring = event.to


def _transfer_ended(call: CallState, event: TransferEnded) -> None:
    call.transferring = ""
    if event.outcome == "answered":
        call.transferred = event.to


def _queued(call: CallState, event: Queued) -> None:
    call.queue, call.queued_since, call.left_queue = event.queue, event.since, None
    call.turned_away = None


def _offered(call: CallState, event: Offered) -> None:
    call.offered_to, call.offered_at, call.offered_recording = event.operator, event.at, event.record_to


def _offer_failed(call: CallState, event: OfferFailed) -> None:
    if event.why != "withdrawn":  # the caller gave up while it rang: no refusal, and that is how the call ended
        call.offered_to = ""
        call.refused_by.append(event.operator)


def _answered(call: CallState, event: Answered) -> None:
    call.operator, call.answered, call.talking = event.operator, event.at, True
    call.left_queue, call.offered_to = event.at, ""


def _recording(call: CallState, event: RecordingStarted) -> None:
    call.recording, call.unrecorded = event.path, ""


def _not_recorded(call: CallState, event: NotRecorded) -> None:
    call.recording, call.unrecorded = event.kept, event.why


def _talk_ended(call: CallState, event: TalkEnded) -> None:
    call.talk_seconds += event.seconds
    call.talking = False


def _queue_left(call: CallState, event: QueueLeft) -> None:
    call.left_queue = event.at
    call.turned_away = call.queued_since if event.why == CLOSED else None


def _message(call: CallState, event: MessageLeft) -> None:
    call.message = event.path


def _resumed(call: CallState, event: Resumed) -> None:
    call.version = event.version or call.version
    call.resumed += 1
    if not call.waiting or call.offered_to:  # else it heard music: another call is likelier to blame
        call.resumed_at_work += 1
        call.resumed_here += 1
    call.offered_to = ""  # that offer was lost with the engine
    call.onward = list(call.frames)  # and so was a way to another node that it never came to


def _ended(call: CallState, event: Ended) -> None:
    call.ended, call.end, call.talking, call.offered_to = event.at, event.end, False, ""


STEPS: dict[type, Callable[[CallState, Any], None]] = {
    Started: _started,
    LineChosen: _line,
    LanguageChosen: _language,
    NodeEntered: _node,
    SectionChosen: _section,
    Identified: _identified,
    Unidentified: _unidentified,
    TicketAsked: _ticket_asked,
    AttributeSet: _attribute,
    PrioritySet: _priority,
    SubFlowEntered: _sub_flow_entered,
    SubFlowLeft: _sub_flow_left,
    Rated: _rated,
    CallbackAsked: _callback,
    TransferBegan: _transfer_began,
    TransferEnded: _transfer_ended,
    Queued: _queued,
    Offered: _offered,
    OfferFailed: _offer_failed,
    Answered: _answered,
    RecordingStarted: _recording,
    NotRecorded: _not_recorded,
    TalkEnded: _talk_ended,
    QueueLeft: _queue_left,
    MessageLeft: _message,
    Resumed: _resumed,
    Ended: _ended,
}
"""By the kind of event; one that is not here changes nothing."""
