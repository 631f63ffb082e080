"""How a process makes way for calls, before it imports anything that costs time. It imports next to nothing itself."""

from __future__ import annotations

import contextlib
import os

_LITTLE, _MUCH = 10, 19


def idle() -> None:
    """Run only while nobody else wants the core, and be stopped at once when somebody does (SCHED_IDLE)."""
    with contextlib.suppress(OSError):  # a sandbox may forbid it: the niceness does most of it
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    _begin(_MUCH)


def nice() -> None:
    """Run beside others, with a tenth of their share: something comes of it on a machine that is never idle."""
    _begin(_LITTLE)


def _begin(niceness: int) -> None:
    """A group of its own, so that what it starts can be ended with it; what it starts is as gentle."""
    os.setpgid(0, 0)
    os.nice(niceness)
