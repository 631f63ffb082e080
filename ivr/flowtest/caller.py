"""Who is at the other end of a virtual line: a script of an example call, or somebody at a terminal."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from ivr.flowtest.said import Said


class Caller(Protocol):
    """A caller by what the line needs of one. Each method may raise CallerGone: they hang up there.

    Nothing here takes time but ``waits``: the line lets the seconds pass.
    """

    def turn(self) -> None:
        """Something new begins; a caller may hang up before it."""
        ...

    def types_over(self, said: Said) -> str:
        """The keys pressed while this is said; "" for none."""
        ...

    def hears(self, said: Said) -> None:
        """A prompt was said to its end."""
        ...

    def presses(self, timeout: float) -> str | None:
        """The key pressed within ``timeout`` seconds; None for silence."""
        ...

    def speaks(self, most: float) -> float:
        """How many seconds of a message are spoken, at most ``most``."""
        ...

    def waits(self) -> Awaitable[str]:
        """The next key pressed while music plays; as long as it takes."""
        ...

    def rings(self, operator: str) -> None:
        """This operator's phone begins to ring."""
        ...

    def talks(self, operator: str) -> bool:
        """This operator picked up; whether it is the caller who hangs up in the end."""
        ...
