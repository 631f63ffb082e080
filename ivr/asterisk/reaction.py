"""How long a caller who has answered a question waits until the next words are asked of Asterisk."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from ivr.asterisk.agi_events import Reply


class Reaction:
    """``told`` gets each such time (s): from the reply that holds the key, or the silence, to the next command."""

    def __init__(self, told: Callable[[float], None]) -> None:
        self._told = told
        self._since: float | None = None

    def asking(self, name: str, first: str | int = "") -> bool:
        """A command is about to be sent; whether it is one that a caller hears."""
        words = name == "STREAM FILE" or (name == "EXEC" and first == "Exec")
        if words and self._since is not None:
            self._told(perf_counter() - self._since)
            self._since = None
        return words

    def answered(self, name: str, reply: Reply) -> None:
        """Such a command has ended: a question in any way, mere words only by a key."""
        if name != "STREAM FILE" or reply.result not in ("0", "-1"):
            self._since = perf_counter()
