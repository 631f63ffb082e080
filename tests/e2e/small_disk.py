"""A disk that is really full: the kernel itself says ENOSPC to whoever writes on it.

Where this user may mount (root, or anybody where user namespaces are allowed), the hotline alone sees a small file
system over one folder, which a test fills in the midst of a recording. Elsewhere the recording leads to /dev/full: it
begins as well, and fails when Asterisk first writes out what it holds back.
"""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ivr.recordings import RESERVE
from tests.e2e.hotline import Hotline

SIZE = RESERVE + 8_000_000
"""Bytes: there is room enough for recording to begin."""
MOUNT = 'mount -t tmpfs -o size="$0",mode=700 none "$1" && shift && exec "$@"'
AHEAD = 30
"""Seconds within which the recording begins."""


@functools.cache
def namespace() -> Sequence[str]:
    """What begins a command that may mount where nobody else sees it; empty where this machine does not allow it."""
    ways = (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount"))
    return next((way for way in ways if _works((*way, "mount", "-t", "tmpfs", "none", "/mnt"))), ())


def _works(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=10).returncode == 0
    except OSError:
        return False


class SmallDisk:
    """The disk below ``folder``, for a hotline that runs ``under`` it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.under = (*namespace(), "sh", "-c", MOUNT, str(SIZE), str(folder)) if namespace() else ()

    def expect(self, ticket: int) -> None:
        """Its recording is about to begin."""
        now = datetime.now(UTC)
        for moment in () if namespace() else (now + timedelta(seconds=second) for second in range(AHEAD)):
            recording = self.folder / f"{moment:%Y/%m/%d}/{ticket}-{moment:%H%M%S}.wav"
            recording.parent.mkdir(parents=True, exist_ok=True)
            recording.symlink_to("/dev/full")

    def fill(self, line: Hotline) -> None:
        """Leave no byte free."""
        if not namespace():
            return
        inside = Path(f"/proc/{line.asterisk_pid()}/root") / self.folder.relative_to("/")
        with (inside / "filler").open("wb", buffering=0) as file:
            try:
                while file.write(bytes(65_536)):
                    pass
            except OSError:
                return
