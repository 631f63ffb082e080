"""Recordings as Asterisk leaves them: 8,000 samples of 16 bits a second after a header."""

from __future__ import annotations

import asyncio
from pathlib import Path

HEADER = 44
"""Bytes of a wav without sound; MixMonitor leaves one behind when nobody answered."""
BYTES_A_SECOND = 16_000

_FLUSH = 0.5
_STEP = 0.02


def seconds_of(path: Path) -> float:
    """Seconds of sound in ``path``; 0.0 when there is no such file."""
    try:
        return max(0, path.stat().st_size - HEADER) / BYTES_A_SECOND
    except OSError:
        return 0.0


async def written(path: Path) -> float:
    """Seconds of sound once Asterisk has closed the file, which it does a moment after it was told to stop."""
    for _ in range(int(_FLUSH / _STEP)):
        if seconds := seconds_of(path):
            return seconds
        await asyncio.sleep(_STEP)
    return 0.0


def drop_if_silent(path: Path) -> None:
    """Remove a recording of a conversation that did not happen."""
    try:
        if seconds_of(path) == 0.0:
            path.unlink(missing_ok=True)
    except OSError:
        return  # what cannot be removed is 44 bytes
