"""What a flow may learn of the world around a call: its queues, the caller's earlier calls, the owner's systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ivr.flow.outside import System
    from ivr.flow.queues import Queues


class Around(Protocol):
    """The world around a call, as far as a flow asks."""

    def waiting(self, queue: str) -> int:
        """How many callers wait in the queue now."""
        ...

    def expected_wait(self, queue: str) -> float | None:
        """Seconds that a caller who comes now is likely to wait; None while no estimate can be relied on."""
        ...

    def queues(self, known: Queues) -> Queues:
        """These queues as emergency measures have them now."""
        ...

    def announcement(self) -> str:
        """The prompt that all callers are to hear now; "" for none."""
        ...

    async def calls_between(self, caller: str, since: float, until: float) -> int:
        """How many calls of this number (E.164) began from ``since`` to before ``until`` (seconds since 1970).

        0 where that cannot be told within a second.
        """
        ...


class Nothing:
    """A world of which nothing is known: a call in the terminal, or in a test."""

    def waiting(self, queue: str) -> int:
        """Nobody."""
        return 0

    def expected_wait(self, queue: str) -> float | None:
        """Unknown."""
        return None

    def queues(self, known: Queues) -> Queues:
        """As they are."""
        return known

    def announcement(self) -> str:
        """None."""
        return ""

    async def calls_between(self, caller: str, since: float, until: float) -> int:
        """None."""
        return 0


class SystemFailed(Exception):
    """A system of the owner's gave no answer that can be used, or none in time."""


class Systems(Protocol):
    """The owner's systems."""

    async def ask(self, system: System, told: Mapping[str, str]) -> Mapping[str, str]:
        """Words of its answer by their keys, to a question that tells it this. Raises SystemFailed, within its time."""
        ...


class NoSystems:
    """Where there are none: in the terminal, or in a test."""

    async def ask(self, system: System, told: Mapping[str, str]) -> Mapping[str, str]:
        """Nobody answers."""
        raise SystemFailed(system.name)
