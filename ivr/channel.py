"""The narrow view of a call that a node has: a telephone, a terminal and a test's caller all look like this."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ivr.speech import Speech
from routing.model import Loosening

if TYPE_CHECKING:
    from ivr.call import Call

KEYS = "0123456789*#"
"""Every key of a telephone's key pad."""


class CallerGone(Exception):
    """The caller hung up, or the connection to their channel was lost: nothing more can be said to them.

    Raised by any method of Channel, at any await; only the session catches it.
    """

    def __init__(self, lost: bool = False) -> None:
        super().__init__("connection lost" if lost else "caller hung up")
        self.lost = lost


class QueueResult(StrEnum):
    """How waiting in a queue ended, for the flow to go on from."""

    ANSWERED = "answered"  # an operator spoke with the caller and has hung up; the caller is still there
    TIMEOUT = "timeout"  # the longest wait passed with no operator
    CLOSED = "closed"  # the queue does not exist, or takes no calls


@dataclass(frozen=True, slots=True)
class QueueRequest:
    """What a queue node asks for.

    ``needs``: skill -> lowest level (1 to 5); a language is the skill ``language.ru``.
    ``relax``: after so many seconds of waiting these needs replace the earlier ones.
    ``prefer``: operators with these skills first, of those who are free. ``operator``: for the first ``sticky`` seconds
    of waiting only this one is asked, while on duty; "" for none. ``rises``: after so many seconds of waiting the
    priority is at least this. ``loosen``: what it does without when there is need.
    ``max_wait``: seconds. ``record``: whether the conversation is recorded.
    ``hold``: the prompt spoken to a caller for whom nobody is free at once; "" for none.
    ``tell_number``: the prompt spoken when the waiting caller presses ``tell_number_key``.
    """

    queue: str
    needs: dict[str, int]
    relax: tuple[tuple[float, dict[str, int]], ...] = ()
    max_wait: float = 1500.0
    priority: int = 0
    record: bool = True
    hold: str = ""
    tell_number_key: str = "5"
    tell_number: str = "your-ticket-number"
    prefer: dict[str, int] = field(default_factory=dict)
    operator: str = ""
    sticky: float = 0.0
    rises: tuple[tuple[float, int], ...] = ()
    loosen: tuple[Loosening, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyed:
    """What was keyed at a question: ``keys`` without ``#``. ``ended``: by ``#``, not by silence or by being full.

    The keys may be the caller's own data: no repr shows them.
    """

    keys: str = field(default="", repr=False)
    ended: bool = False


class Channel(Protocol):
    """A caller, as a node sees them. Every method may raise CallerGone."""

    async def answer(self) -> None:
        """Pick up. Harmless when picked up already."""
        ...

    async def play(self, speech: Speech, *, keys: str = KEYS) -> str | None:
        """Say ``speech``; one of ``keys`` stops it and is returned. ``keys=""`` lets nothing stop it.

        A key typed ahead counts as pressed at once; keys that are not asked for are dropped.
        """
        ...

    async def ask(self, speech: Speech, *, most: int, first: float, between: float) -> Keyed:
        """Say ``speech``, which any key stops, and take up to ``most`` keys; ``#`` ends them at once.

        Seconds of silence end them too: ``first`` after the speech, ``between`` after a key. Keys typed ahead count.
        """
        ...

    async def record(self, path: Path, *, max_seconds: float, silence: float, end_keys: str) -> float:
        """Record the caller into ``path`` (a .wav, its folder made if need be); seconds recorded.

        Ends at ``max_seconds``, after ``silence`` seconds without speech, or at one of ``end_keys``.
        Raises OSError when nothing can be stored.
        """
        ...

    async def enqueue(self, call: Call, request: QueueRequest) -> QueueResult:
        """Wait for an operator with music, talk to them, and come back when they have hung up."""
        ...

    async def transfer(self, number: str, seconds: float) -> Rung:
        """Ring a number outside (E.164) for ``seconds`` while the caller hears music, join the two, return at the end.

        Only a number that the owner allows may be given. Unreachable where no carrier takes calls from here.
        """
        ...

    async def hangup(self) -> None:
        """End the call."""
        ...


class RingOutcome(StrEnum):
    """What came of ringing an operator's phone."""

    ANSWERED = "answered"
    NO_ANSWER = "no-answer"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Rung:
    """The end of ringing, and of the conversation if there was one (``talk_seconds`` from its answer to its end)."""

    outcome: RingOutcome
    talk_seconds: float = 0.0
    caller_gone: bool = False


class Moments(Protocol):
    """Told of each moment of a ringing when it comes, and not when everything about it is known."""

    def dialled(self) -> None:
        """The switch is asked to ring the phone now."""
        ...

    def answered(self) -> None:
        """The operator picked up. Told once or more."""
        ...

    def over(self) -> None:
        """The conversation has ended: the operator is free, though the recording may still be on its way to a file."""
        ...


class Line(Protocol):
    """The caller's telephone line while they wait: what ivr.queueing needs of it besides ``play``.

    Every method may raise CallerGone, but ``ring`` returns ``caller_gone=True`` once there was a conversation, so
    that its length is not lost.
    """

    async def play(self, speech: Speech, *, keys: str = KEYS) -> str | None:
        """As Channel.play."""
        ...

    async def music(self, on: bool) -> None:
        """Start or stop music on hold. No command is outstanding afterwards, so an offer is acted on at once."""
        ...

    def waiting_key(self) -> Awaitable[str]:
        """The next key pressed while music plays; waits as long as it takes. Cancelling takes no key away."""
        ...

    async def ring(
        self, operator: str, seconds: float, *, shown: str, record_to: Path | None, moments: Moments
    ) -> Rung:
        """Ring the operator's phone for ``seconds`` while the caller hears music, join the two, return at the end.

        ``moments`` is told as they come. ``shown``: ASCII words on the phone's display.
        ``record_to``: the .wav that both sides are recorded into, from the answer to the end.
        """
        ...
