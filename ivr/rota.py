"""What the clock changes by itself: who is past the end of a shift takes no further call until they are ready again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from ivr.flow.roster import Roster

SHIFT_OVER = "shift-over"
"""Why somebody is not ready whose shift is over."""

MINUTE = 60.0
"""Seconds between two looks at the clock: hours are written to the minute, and the clock may be set at any time."""


class Rota:
    """``over`` is told of operators whose shift is over now. A shift's beginning changes nothing: a person is ready."""

    def __init__(self, now: Callable[[], float], over: Callable[[Iterable[str]], None]) -> None:
        self._now, self._over = now, over
        self._roster: Roster | None = None
        self._off: frozenset[str] = frozenset()

    def follow(self, roster: Roster) -> None:
        """These are the operators and their shifts from now on.

        At the first time nobody's shift is over by it: whoever worked on when the engine stopped, works on.
        """
        first = self._roster is None
        self._roster = roster
        self.look(quietly=first)

    def look(self, *, quietly: bool = False) -> None:
        """Look at the clock: whose shift is over that was not so before?"""
        at, roster = self._now(), self._roster or {}
        off = frozenset(id for id, person in roster.items() if not person.on_shift(at))
        over, self._off = off - self._off, off
        if over and not quietly:
            self._over(sorted(over))

    async def run(self) -> None:
        """Look at each full minute, until cancelled."""
        while True:
            await asyncio.sleep(MINUTE - self._now() % MINUTE)
            self.look()
