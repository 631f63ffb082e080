"""How routing tells of changes: in memory, or between engines, behind one Protocol and one contract suite."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

Message = Mapping[str, str | int | float | bool | None]
"""Flat, so that any transport can carry it."""

OPERATORS = "operators"
"""Topic: an operator's state changed: ``operator``, ``state``, ``reason``, ``since`` (s)."""

QUEUES = "queues"
"""Topic: somebody came into, moved in or left a ``queue``."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message of a topic."""

    topic: str
    message: Message


class Subscription(Protocol):
    """Notices since the subscription began, in order; ends when its context ends.

    A reader who is too slow loses the oldest, and ``lost`` counts them: read the whole picture anew then.
    """

    @property
    def lost(self) -> int:
        """How many notices were dropped so far."""
        ...

    def __aiter__(self) -> AsyncIterator[Notice]: ...


class Bus(Protocol):
    """Carries notices from those who publish to those who subscribe."""

    def publish(self, topic: str, message: Message) -> None:
        """Tell every subscriber of ``topic``. Never waits and never fails: nobody's slowness holds up routing."""
        ...

    def subscribe(self, *topics: str, limit: int = 1000) -> AbstractAsyncContextManager[Subscription]:
        """Notices of these topics for as long as the context lasts; at most ``limit`` are kept for a slow reader."""
        ...
