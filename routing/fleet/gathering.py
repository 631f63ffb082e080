"""What members say to a new leader before it decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from routing.fleet.messages import Alive, Announce, Message


@dataclass(slots=True)
class Gathering:
    """Announcements of the ``expected`` engines, and what they did since, until ``until`` (s) at the latest."""

    expected: Collection[str]
    until: float
    announced: dict[str, Announce] = field(default_factory=dict)
    since: list[tuple[str, Message]] = field(default_factory=list)

    def hear(self, engine: str, message: Message) -> bool:
        """A member says this; whether everybody has been heard now. An announcement holds all that went before it."""
        if isinstance(message, Announce):
            self.announced[engine] = message
            self.since = [(name, said) for name, said in self.since if name != engine]
        elif engine in self.announced and not isinstance(message, Alive):
            self.since.append((engine, message))
        return all(engine in self.announced for engine in self.expected)
