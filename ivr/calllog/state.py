"""What is known of a call: the fold of its events. The same fold makes the ticket, so the two cannot disagree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ivr.calllog.events import AnyEvent, CallbackAsked, End, Entry, Identified, SubFlowEntered
from ivr.calllog.fold import STEPS


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
    version: str = ""  # of the configuration that it runs on
    line: str = ""
    region: str = ""
    language: str = ""
    language_known: bool = False  # chosen in this call, or remembered from an earlier one
    flow: str = ""
    node: str = ""
    path: list[str] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)  # of each step of the path: how many frames there were
    frames: list[SubFlowEntered] = field(default_factory=list)  # the calls of flows that it is in, the innermost last
    onward: list[SubFlowEntered] = field(default_factory=list)  # the same at the node that it is on its way to
    attributes: dict[str, str] = field(default_factory=dict)
    priority: int | None = None  # set by the flow; else the queue's node says
    rating: int | None = None
    callback: CallbackAsked | None = None
    transferring: str = ""  # the number of outside.yaml, by its name, that is rung or spoken with
    transferred: str = ""  # the last of them that was spoken with
    section: str = ""
    category: str = ""  # within the section
    term: str = ""  # by when what the call is about is answered
    complexity: int = 1  # of that, to 5
    identifiers: list[Identified] = field(default_factory=list)
    unidentified: str = ""
    asked_ticket: int = 0  # the request, found, whose status was asked for
    asked_operator: str = ""  # who spoke with the caller of that request
    queue: str = ""
    queued_since: float | None = None
    left_queue: float | None = None
    turned_away: float | None = None  # since when it has waited, though its queue took it no longer
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
        step = STEPS.get(type(event))
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
