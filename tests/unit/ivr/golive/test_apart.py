"""Work in a process that makes way for calls: its answer, its failures and its limits are those of the work."""

import asyncio
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from ivr.golive import apart as module
from ivr.golive.apart import Lost, apart


class Unheard(Exception):
    """Only this test knows it."""


def manner() -> tuple[int, int, int]:
    """The scheduling class, niceness and group of the process that asks."""
    return os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0), os.getpgid(0)


def refuse(words: str) -> None:
    raise Unheard(words)


def linger(where: Path) -> None:
    """Start a child, tell both process ids, and never end."""
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    where.with_suffix(".new").write_text(f"{os.getpid()} {child.pid}")
    where.with_suffix(".new").replace(where)
    child.wait()


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def test_it_runs_only_where_nobody_else_would_and_in_a_group_of_its_own() -> None:
    scheduler, niceness, group = await apart(manner, 30)
    assert scheduler == os.SCHED_IDLE
    assert niceness == 19
    assert group != os.getpgid(0)


async def test_on_a_machine_that_is_never_idle_it_gets_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    scheduler, niceness, _ = await apart(manner, 30)
    assert (scheduler, niceness) == (os.SCHED_OTHER, os.getpriority(os.PRIO_PROCESS, 0) + 10)


async def test_what_it_is_known_to_raise_is_raised_here() -> None:
    with pytest.raises(Unheard, match="no voice"):
        await apart(partial(refuse, "no voice"), 30, (Unheard,))


async def test_what_nobody_foresaw_is_told_with_the_last_words() -> None:
    with pytest.raises(Lost, match=r"(?s)ended with 1: .*Unheard: a bug"):
        await apart(partial(refuse, "a bug"), 30)


async def test_one_that_takes_too_long_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "processes"
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    with pytest.raises(Lost, match="longer than 3 s"):
        await apart(partial(linger, told), 3)
    both = [int(process) for process in told.read_text().split()]
    async with asyncio.timeout(10):
        while any(map(alive, both)):
            await asyncio.sleep(0)
