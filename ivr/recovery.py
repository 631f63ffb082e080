"""After a restart: which calls of the earlier run are still on the line, and what becomes of the others."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ivr.call import Journal
from ivr.calllog.events import Answered, AnyEvent, End, Ended, MessageLeft, RecordingStarted, Resumed, TalkEnded
from ivr.calllog.state import CallState


@dataclass(frozen=True, slots=True)
class Departed:
    """A call that is over, as Asterisk's dialplan tells it. Times: seconds since 1970; lengths: seconds.

    ``talk_seconds``: from the last moment at which an operator picked up.
    ``alone``: who answered when Asterisk, without an engine, rang everybody; ``message``: what was left if nobody did.
    """

    ended: float
    talk_seconds: float | None = None
    alone: str = ""
    message: str = ""


@dataclass(slots=True)
class Unfinished:
    """Calls that began, did not end and have no session now: each is taken up again, or closed, exactly once.

    ``on_adopted`` is told when there are more of them.
    """

    journal: Journal
    now: Callable[[], float]
    on_adopted: Callable[[], None] = lambda: None
    _calls: dict[str, CallState] = field(default_factory=dict)

    def adopt(self, calls: Iterable[CallState]) -> None:
        """Hold these calls until Asterisk says what became of them."""
        self._calls.update((call.call_id, call) for call in calls)
        self.on_adopted()

    def alive(self, call_id: str) -> None:
        """The call is on the line at this moment: should no word of its end ever come, it was not before this."""
        call = self._calls.get(call_id)
        if call is not None:
            call.seen = self.now()

    def __len__(self) -> int:
        return len(self._calls)

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._calls

    def all(self) -> list[CallState]:
        """Every call that is still held."""
        return list(self._calls.values())

    def joined(self, call_id: str, at: float | None) -> None:
        """An operator picked up at ``at`` (None: never, s since 1970), as Asterisk says.

        If that is what came of the offer during which the engine was lost, it is written down.
        """
        call = self._calls.get(call_id)
        if call is not None and at is not None and _of_the_last_offer(call, at):
            for event in _answered(call, at):
                self._log(call, event)

    def resume(self, call_id: str, why: str, joined: float | None = None, version: str = "") -> CallState | None:
        """Take the call up again: its state, or None when nothing is held of it. ``joined``: as of ``joined()``.

        ``version``: of the configuration that it goes on on.
        A conversation that went on meanwhile is over when Asterisk hands the call back; its length counts
        from the answer until now.
        """
        self.joined(call_id, joined)
        call = self._calls.pop(call_id, None)
        if call is None:
            return None
        self._log(call, Resumed(at=self.now(), why=why, version=version))
        if call.talking:
            self._log(call, _talk_ended(call, self.now()))
        return call

    def close(self, call_id: str, departed: Departed | None = None) -> CallState | None:
        """The caller is gone: write how the call ended; its state, or None when nothing is held of it.

        Without ``departed`` (Asterisk died, perhaps days ago) it ended when it was last known to be on the line.
        """
        if departed is not None and departed.talk_seconds is not None and not departed.alone:
            self.joined(call_id, departed.ended - departed.talk_seconds)
        call = self._calls.pop(call_id, None)
        if call is None:
            return None
        departed = departed or Departed(call.seen)
        end = _end_of(call, departed)
        for event in _last_events(call, departed):
            self._log(call, event)
        self._log(call, Ended(at=departed.ended, end=end, why="the engine restarted during the call"))
        return call

    def _log(self, call: CallState, event: AnyEvent) -> None:
        call.apply(event)
        self.journal.append(call.call_id, call.seq, event)


def _of_the_last_offer(call: CallState, at: float) -> bool:
    """Asterisk's clock tells whole seconds."""
    return bool(call.offered_to) and call.waiting and at >= math.floor(call.offered_at)


def _answered(call: CallState, at: float) -> list[AnyEvent]:
    at = max(at, call.offered_at)
    recorded = [RecordingStarted(at=at, path=call.offered_recording)] if call.offered_recording else []
    return [Answered(at=at, operator=call.offered_to), *recorded]


def _talk_ended(call: CallState, at: float, seconds: float | None = None) -> TalkEnded:
    began = call.answered if call.answered is not None else at
    return TalkEnded(at=at, operator=call.operator, seconds=max(0.0, at - began) if seconds is None else seconds)


def _last_events(call: CallState, departed: Departed) -> list[AnyEvent]:
    """What came about after the engine was lost."""
    ended, seconds, operator = departed.ended, departed.talk_seconds, departed.alone
    if not operator or seconds is None:
        last: list[AnyEvent] = [_talk_ended(call, ended, seconds)] if call.talking else []
        return [*last, MessageLeft(at=ended, path=departed.message, seconds=0.0)] if departed.message else last
    began = ended - seconds
    before: list[AnyEvent] = [_talk_ended(call, began)] if call.talking else []
    return [*before, Answered(at=began, operator=operator), TalkEnded(at=ended, operator=operator, seconds=seconds)]


def _end_of(call: CallState, departed: Departed) -> End:
    """What the ticket says of a call whose end no engine saw."""
    if call.answered is not None:
        return End.ANSWERED
    if departed.alone and departed.talk_seconds is not None:
        return End.STATIC
    if departed.message or call.message:
        return End.MESSAGE
    return End.CALLBACK if call.callback is not None else End.INTERRUPTED
