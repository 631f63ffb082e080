"""Processes that must not outlive the one that started them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence


def bound(command: Sequence[str], signal: str = "KILL") -> list[str]:
    """The command, sent this signal by the kernel should we die without stopping it (setpriv is in util-linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal, "--", *command] if setpriv else list(command)
