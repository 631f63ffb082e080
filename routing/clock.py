"""A clock that does not jump."""

from __future__ import annotations

import time
from collections.abc import Callable


def steady(wall: Callable[[], float] = time.time, elapsed: Callable[[], float] = time.monotonic) -> Callable[[], float]:
    """Seconds since 1970 as the wall clock has them now, carried on by the time that elapses.

    Setting the machine's clock then neither ends every offer at once nor keeps one for an hour.
    """
    base = wall() - elapsed()
    return lambda: base + elapsed()
