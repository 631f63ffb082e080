"""What is known of a call: the fold of its events. The same fold makes the ticket, so the two cannot disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ivr.calllog.events import (
    Answered,
    AnyEvent,
    AttributeSet,
    CallbackAsked,
    End,
    Ended,
    Entry,
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


@dataclass(frozen=True, slots=True)
class Frame:
    """A flow that was called and has not returned: the node that called it, and what it was given."""

    flow: str
    node: str
    parameters: dict[str, str]


@dataclass(slots=True)
class CallState:
    """What is known of a call after some of its events. Times are seconds since 1970 (UTC)."""

    call_id: str
    seq: int = 0
    ticket: int = 0
    started: float = 0.0
    called: str = ""
    caller: str = ""
    dialled: str = ""
    line: str = ""
    region: str = ""
    language: str = ""
    language_known: bool = False  # chosen in this call, or remembered from an earlier one
    flow: str = ""
    node: str = ""
    path: list[str] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)  # of each step of the path: how many frames there were
    frames: list[Frame] = field(default_factory=list)  # the flows that its node was called through, the innermost last
    onward: list[Frame] = field(
        default_factory=list
    )  # those of the node that it goes to: an engine may be lost between
    attributes: dict[str, str] = field(default_factory=dict)
    priority: int | None = None  # set by the flow; else the queue's node says
    rating: int | None = None
    callback: CallbackAsked | None = None
    transferring: str = ""  # the number of outside.yaml, by its name, that is rung or spoken with
    transferred: str = ""  # the last of them that was spoken with
    section: str = ""
    identifiers: list[Identified] = field(default_factory=list)
    unidentified: str = ""
    asked_ticket: int = 0  # the request, found, whose status was asked for
    queue: str = ""
    queued_since: float | None = None
    left_queue: float | None = None
    offered_to: str = ""
    offered_at: float = 0.0
    offered_recording: str = ""
    refused_by: list[str] = field(default_factory=list)
    operator: str = ""
    answered: float | None = None
    talk_seconds: float = 0.0
    talking: bool = False
    recording: str = ""
    unrecorded: str = ""
    message: str = ""
    ended: float | None = None
    end: End | None = None
    resumed: int = 0  # how often an engine was lost and the call taken up again, in all
    resumed_at_work: int = 0  # of these, how often the engine may have been lost by this very call
    resumed_here: int = 0  # of these, how often since the call came to its node
    seen: float = field(default=0.0, compare=False)  # when it was last known to be on the line

    @property
    def waiting(self) -> bool:
        """Whether the caller waits in a queue now."""
        return self.queued_since is not None and self.left_queue is None and self.ended is None

    def attribute(self, name: str) -> str:
        """What the flow noted under this name, or was called with; "" for nothing."""
        given = self.frames[-1].parameters if self.frames else {}
        return given.get(name, self.attributes.get(name, ""))

    @property
    def wait_seconds(self) -> float | None:
        """Seconds from the first queueing to the answer, the leaving of the queue or the end; None if never queued."""
        if self.queued_since is None:
            return None
        until = self.left_queue if self.left_queue is not None else self.ended
        return None if until is None else max(0.0, until - self.queued_since)

    def apply(self, event: AnyEvent) -> None:
        """Take one more event into account. Unknown kinds change nothing but the count."""
        self.seq += 1
        self.seen = max(self.seen, event.at)
        step = _STEPS.get(type(event))
        if step is not None:
            step(self, event)


def replay(entries: Iterable[Entry]) -> dict[str, CallState]:
    """The calls that these entries tell of, by call id; an entry told twice counts once."""
    calls: dict[str, CallState] = {}
    for entry in entries:
        call = calls.setdefault(entry.call_id, CallState(entry.call_id))
        if entry.seq == call.seq + 1:
            call.apply(entry.event)
    return calls


def _started(call: CallState, event: Started) -> None:
    call.started, call.ticket = event.at, event.ticket
    call.called, call.caller, call.dialled = event.called, event.caller, event.dialled
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
    call.section = event.section


def _identified(call: CallState, event: Identified) -> None:
    call.identifiers.append(event)
    call.unidentified = ""


def _unidentified(call: CallState, event: Unidentified) -> None:
    if not call.identifiers:
        call.unidentified = event.why


def _ticket_asked(call: CallState, event: TicketAsked) -> None:
    call.asked_ticket = event.ticket if event.found else 0


def _attribute(call: CallState, event: AttributeSet) -> None:
    call.attributes[event.name] = event.value


def _priority(call: CallState, event: PrioritySet) -> None:
    call.priority = event.priority


def _sub_flow_entered(call: CallState, event: SubFlowEntered) -> None:
    call.onward.append(Frame(event.flow, event.node, event.parameters))


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


def _message(call: CallState, event: MessageLeft) -> None:
    call.message = event.path


def _resumed(call: CallState, event: Resumed) -> None:
    call.resumed += 1
    if not call.waiting or call.offered_to:  # else it heard music: another call is likelier to blame
        call.resumed_at_work += 1
        call.resumed_here += 1
    call.offered_to = ""  # that offer was lost with the engine
    call.onward = list(call.frames)  # and so was a way to another node that it never came to


def _ended(call: CallState, event: Ended) -> None:
    call.ended, call.end, call.talking, call.offered_to = event.at, event.end, False, ""


_STEPS: dict[type, Callable[[CallState, Any], None]] = {
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
