"""What a virtual call would meet outside of the hotline, as its example has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from ivr.around import SystemFailed
from ivr.call import LookupFailed, RequestStatus
from ivr.flow.outside import System
from ivr.flow.queues import Queues
from ivr.flowtest.example import Circumstances
from ivr.recordings import Fault, Recordings


def unmeasured(seconds: float) -> None:
    """How fast a phone rings is of no interest here."""


_CONVERSATION = Path("conversation.wav")


class Unrecorded(Recordings):
    """No disk is asked: conversations of virtual calls have no sound."""

    async def place(self, ticket: int, at: float) -> Path:
        """Always the same file, which is never made."""
        return _CONVERSATION

    def relative(self, path: Path) -> str:
        """As Recordings.relative."""
        return path.name

    async def fault(self, path: Path, seconds: float) -> Fault | None:
        """None."""
        return None


class KnownRequests:
    """Implements ivr.call.Requests: those of the example."""

    def __init__(self, given: Circumstances, today: date) -> None:
        self._given, self._today = given, today
        self._asked = 0

    async def status(self, number: int) -> RequestStatus | None:
        """As Requests.status."""
        self._asked += 1
        if self._given.lookups == "fail" or (self._given.lookups == "fail-later" and self._asked > 1):
            raise LookupFailed
        status = self._given.requests.get(number)
        if status is None:
            return None
        return RequestStatus(number, status, self._today - timedelta(days=2), self._today + timedelta(days=5))


class Scene:
    """Implements ivr.around.Around and Systems: queues, the caller's earlier calls, what the owner's systems answer."""

    def __init__(self, given: Circumstances) -> None:
        self._given = given

    def waiting(self, queue: str) -> int:
        """As Around.waiting."""
        return self._given.waiting.get(queue, 0)

    def expected_wait(self, queue: str) -> float | None:
        """As Around.expected_wait."""
        return self._given.expected_wait.get(queue)

    def queues(self, known: Queues) -> Queues:
        """As Around.queues: no emergency in an example."""
        return known

    def announcement(self) -> str:
        """As Around.announcement: none."""
        return ""

    async def calls_between(self, caller: str, since: float, until: float) -> int:
        """As Around.calls_between; the earlier calls of the example are recent ones."""
        return self._given.earlier_calls

    async def ask(self, system: System, told: Mapping[str, str]) -> Mapping[str, str]:
        """As Systems.ask; nothing is sent anywhere."""
        if system.name not in self._given.systems:
            raise SystemFailed(system.name)
        return self._given.systems[system.name]
