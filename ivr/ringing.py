"""One offer of a waiting call to an operator: the phone rings, they talk, it is recorded, the log tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from ivr.call import Call
from ivr.calllog.events import Answered, Decided, NotRecorded, Offered, OfferFailed, RecordingStarted, TalkEnded
from ivr.channel import CallerGone, Line, QueueRequest, RingOutcome, Rung
from ivr.recordings import Recordings, reason
from routing.explain.written import Written
from routing.model import Offer, OfferOutcome
from routing.waiting import Waiting

_log = structlog.get_logger(__name__)

_SHOWN = 60
_LEAST_RING = 5.0
_MARGIN = 4.0
"""Seconds between the last moment at which a phone rings and the end of its offer."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One call in one queue. ``now``: what the log says (s since 1970); ``steady``: the dispatcher's clock (s).

    ``free_to_ring`` gets each time (s) from an offer's making to the command that rings the phone.
    """

    call: Call
    line: Line
    request: QueueRequest
    waiting: Waiting
    recordings: Recordings
    now: Callable[[], float]
    steady: Callable[[], float]
    free_to_ring: Callable[[float], None]

    def log_decision(self) -> None:
        """What the router saw when it made the latest offer goes into the log, once it is there."""
        self._log_seen(self.waiting.seen)

    def log_unanswered(self) -> None:
        """So does what it sees now that the waiting ends and nobody is offered the call."""
        self._log_seen(self.waiting.unanswered)

    def _log_seen(self, look: Callable[[], Written | None]) -> None:
        try:
            seen = look()
        except Exception:
            _log.exception("what the router saw could not be kept; calls go on")
            return
        if seen is not None:
            self.call.log(Decided(at=self.now(), seen=seen))


class Ringing:
    """What becomes of one offer; the line's Moments."""

    def __init__(self, stay: Stay, offer: Offer) -> None:
        self._stay = stay
        self._call = stay.call
        self._offer = offer
        self._path: Path | None = None
        self._named = ""  # the same, as the log names it
        self._unrecorded = ""
        self._answered_at: float | None = None

    async def run(self) -> bool:
        """True once the operator and the caller have talked, False when the next operator is to be asked.

        Raises CallerGone when the caller hung up, with or without a conversation; router and log know by then.
        """
        await self._prepare_recording()
        self._call.log(self._offered())
        try:
            rung = await self._ring()
        except CallerGone as gone:
            self._stay.log_decision()
            await self._caller_gone(gone)
            raise
        self._stay.log_decision()
        await self._end(rung)
        if rung.caller_gone:
            raise CallerGone
        return rung.outcome is RingOutcome.ANSWERED

    async def _prepare_recording(self) -> None:
        if self._stay.request.record:
            try:
                self._path = await self._stay.recordings.place(self._call.state.ticket, self._stay.now())
                self._named = self._stay.recordings.relative(self._path)
            except OSError as error:
                self._unrecorded = reason(error)

    def _offered(self) -> Offered:
        return Offered(at=self._stay.now(), operator=self._offer.operator, record_to=self._named)

    async def _ring(self) -> Rung:
        """The line's answer. Only the line limits it: it may be a conversation whose beginning nobody could see."""
        left = self._offer.expires - self._stay.steady() - _MARGIN
        return await self._stay.line.ring(
            self._offer.operator,
            max(_LEAST_RING, min(self._offer.ring, left)),
            shown=self._shown(),
            record_to=self._path,
            moments=self,
        )

    def _shown(self) -> str:
        state = self._call.state
        words = f"{state.ticket} {state.language} {state.section or self._stay.request.queue}"
        if not (words.isascii() and words.isprintable()):
            words = "".join(letter for letter in words if letter.isascii() and letter.isprintable())
        return words[:_SHOWN]

    def dialled(self) -> None:
        """As Moments.dialled."""
        self._stay.free_to_ring(self._stay.steady() - self._offer.made)
        self._stay.log_decision()

    def answered(self) -> None:
        """As Moments.answered."""
        if self._answered_at is not None:
            return
        self._answered_at, now = self._stay.steady(), self._stay.now()
        self._stay.waiting.accepted(self._offer)
        self._call.log(Answered(at=now, operator=self._offer.operator))
        if self._path is not None:
            self._call.log(RecordingStarted(at=now, path=self._named))
        elif self._unrecorded:
            self._not_recorded(self._unrecorded)

    def over(self) -> None:
        """As Moments.over: the operator's next offer waits for no file."""
        self._stay.waiting.finished(self._offer)

    async def _end(self, rung: Rung) -> None:
        if rung.outcome is RingOutcome.ANSWERED:
            self.answered()
            await self._talked(rung.talk_seconds)
        else:
            self._failed(OfferOutcome.WITHDRAWN if rung.caller_gone else OfferOutcome(rung.outcome.value))

    async def _caller_gone(self, gone: CallerGone) -> None:
        """The line says that the caller is gone. A conversation whose connection is lost may yet go on, unseen."""
        if self._answered_at is None:
            self._failed(OfferOutcome.WITHDRAWN)
        elif not gone.lost:
            await self._talked(self._stay.steady() - self._answered_at)

    async def _talked(self, seconds: float) -> None:
        self.over()
        self._call.log(TalkEnded(at=self._stay.now(), operator=self._offer.operator, seconds=seconds))
        if self._path is not None and (fault := await self._stay.recordings.fault(self._path, seconds)):
            self._not_recorded(fault.why, kept=self._named if fault.kept else "")

    def _failed(self, outcome: OfferOutcome) -> None:
        self._call.log(OfferFailed(at=self._stay.now(), operator=self._offer.operator, why=outcome.value))
        self._stay.waiting.failed(self._offer, outcome)

    def _not_recorded(self, why: str, kept: str = "") -> None:
        self._call.log(NotRecorded(at=self._stay.now(), why=why, kept=kept))
        _log.warning("conversation not recorded", ticket=self._call.state.ticket, why=why)
