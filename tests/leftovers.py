"""What a test run leaves behind: processes, ports, files. Others may run theirs on this machine: only what is ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

MARK = "KOMMUTATOR_TEST_RUN"
"""An environment variable that every process started by a run inherits, whoever its parent is by now.

It begins with the run's own mark; what follows is the mark of the worker that started it.
"""

SECONDS = 5.0
"""How long what has been told to end may take to be gone."""

LISTENS = "0A"
NETWORK = ("tcp", "tcp6", "udp", "udp6")
WRITTEN = ("state", "recordings/calls")
"""Folders of the project that a hotline makes by default."""


def processes(mark: str) -> list[str]:
    """What still runs of what was started under this mark, or one that begins with it, a moment later."""
    until = time.monotonic() + SECONDS
    while (left := list(_running(mark))) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def _running(mark: str) -> Iterator[str]:
    wanted = f"{MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(name.startswith(wanted) for name in (process / "environ").read_bytes().split(b"\0")):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                yield f"{process.name}: {command}"
        except OSError:  # gone meanwhile, or another user's
            continue


def ports() -> list[str]:
    """Where this process itself still listens."""
    ours = {str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()}
    return [f"{kind} {port}" for kind in NETWORK for port, inode in _bound(kind) if f"socket:[{inode}]" in ours]


def _bound(kind: str) -> Iterator[tuple[int, str]]:
    for line in Path(f"/proc/self/net/{kind}").read_text().splitlines()[1:]:
        fields = line.split()
        if kind.startswith("udp") or fields[3] == LISTENS:
            yield int(fields[1].rpartition(":")[2], 16), fields[9]


def files(project: Path) -> set[str]:
    """Where a hotline writes whose folders a test forgot to set, and whatever else lies at the project's top."""
    top = {path.name for path in project.iterdir() if not path.name.startswith((".", "__"))}
    return top | {name for name in WRITTEN if (project / name).exists()}
