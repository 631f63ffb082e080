"""Processes of a hotline under test, seen through /proc: whose children, which program, gone or not."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def parent(pid: int) -> int | None:
    """The parent's id, None when the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


def command(pid: int) -> str:
    """The command line, "" when the process is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def descendants(pid: int) -> list[int]:
    """All processes that this one started, and theirs."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (of := parent(int(entry.name))) is not None:
            children.setdefault(of, []).append(int(entry.name))
    found = list(children.get(pid, []))
    for child in found:
        found += children.get(child, [])
    return found


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid: int) -> None:
    """SIGKILL, and wait until it has happened."""
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while alive(pid):
        if time.monotonic() > until:
            raise TimeoutError(f"process {pid} does not die")
        time.sleep(0.01)


def cpu_seconds(pid: int) -> float:
    """User and system time that the process has used so far, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
