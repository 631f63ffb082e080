"""Processes are kept running, and none is left behind. Real processes."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ivr import supervisor
from ivr.supervisor import Child, Supervisor

WRITES_ITS_ID = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
IGNORES_TERM = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WRITES_ITS_ID


def child(path: Path, code: str = WRITES_ITS_ID, name: str = "child") -> Child:
    return Child(name, [sys.executable, "-c", code, str(path)], os.environ)


@asynccontextmanager
async def running(*children: Child) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(Supervisor(children).run())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def lives(path: Path, count: int) -> list[int]:
    async with asyncio.timeout(10):
        while not path.exists() or len(path.read_text().splitlines()) < count:
            await asyncio.sleep(0.02)
    return [int(line) for line in path.read_text().splitlines()]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    async with running(child(tmp_path / "pids")):
        (first,) = await lives(tmp_path / "pids", 1)
        os.kill(first, 9)
        first, second = await lives(tmp_path / "pids", 2)
        assert gone(first)
        assert not gone(second)
    assert gone(second)


async def test_the_last_one_started_is_stopped_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[str] = []
    stop = Supervisor._stop

    async def noted(self: Supervisor, child: Child) -> None:
        stopped.append(child.name)
        await stop(self, child)

    monkeypatch.setattr(Supervisor, "_stop", noted)
    async with running(child(tmp_path / "a", name="asterisk"), child(tmp_path / "b", name="engine")):
        await lives(tmp_path / "a", 1)
        await lives(tmp_path / "b", 1)
    assert stopped == ["engine", "asterisk"]


async def test_a_process_that_does_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    async with running(child(tmp_path / "pids", IGNORES_TERM)):
        (pid,) = await lives(tmp_path / "pids", 1)
    assert gone(pid)


async def test_a_process_that_hangs_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.05)
    answers = iter([True, False, False, False, *[True] * 1000])

    async def asked() -> bool:
        return next(answers)

    hung = child(tmp_path / "pids")
    async with running(Child(hung.name, hung.command, hung.environment, answers=asked)):
        first, second = await lives(tmp_path / "pids", 2)
        assert gone(first)
        assert not gone(second)


async def test_one_that_is_slow_to_start_is_given_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.02)
    looks = 0
    enough = asyncio.Event()

    async def not_yet() -> bool:
        nonlocal looks
        looks += 1
        if looks > 10:
            enough.set()
        return False

    slow = child(tmp_path / "pids")
    async with running(Child(slow.name, slow.command, slow.environment, answers=not_yet)):
        async with asyncio.timeout(10):
            await enough.wait()
        assert len(await lives(tmp_path / "pids", 1)) == 1


async def test_a_process_that_hangs_before_it_ever_answered_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "START_SECONDS", 0.3)

    async def asked() -> bool:
        return False

    hung = child(tmp_path / "pids")
    async with running(Child(hung.name, hung.command, hung.environment, answers=asked)):
        first, _ = await lives(tmp_path / "pids", 2)
        assert gone(first)


async def test_what_a_process_said_last_is_told_when_it_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = [sys.executable, "-c", "import sys; sys.exit('no such module: chan_pjsip')"]
    async with running(Child("asterisk", broken, os.environ, output=tmp_path / "console.log")):
        async with asyncio.timeout(10):
            while "no such module: chan_pjsip" not in (told := capsys.readouterr().out):
                await asyncio.sleep(0.02)
    assert "asterisk" in told


@pytest.mark.parametrize("hung", [False, True])
async def test_children_do_not_outlive_a_supervisor_that_is_killed(tmp_path: Path, hung: bool) -> None:
    command = f"[sys.executable, '-c', {WRITES_ITS_ID!r}, sys.argv[1]]"
    code = (
        "import asyncio, os, sys; from ivr.supervisor import Child, Supervisor; "
        f"asyncio.run(Supervisor([Child('c', {command}, os.environ)]).run())"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(tmp_path / "pids"))
    (pid,) = await lives(tmp_path / "pids", 1)
    if hung:
        os.kill(pid, signal.SIGSTOP)
    process.kill()
    await process.wait()
    async with asyncio.timeout(5):
        while not gone(pid):
            await asyncio.sleep(0.02)


async def test_what_never_works_is_given_up_with_its_name_and_where_its_words_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_DELAY", 0.001)
    lasting = child(tmp_path / "asterisk", name="asterisk")
    after_it = f"until [ -s {tmp_path}/asterisk ]; do sleep 0.01; done; echo the port is taken; exit 3"
    hopeless = Child("engine", ["/bin/sh", "-c", after_it], os.environ, output=tmp_path / "engine.log")
    with pytest.raises(supervisor.NeverWorked, match=r"engine.*exit status 3.*the port is taken"):
        await Supervisor([lasting, hopeless]).run()
    assert all(gone(pid) for pid in await lives(tmp_path / "asterisk", 1)), "the others are stopped"


async def test_what_has_worked_once_is_never_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_DELAY", 0.001)
    monkeypatch.setattr(supervisor, "LONGEST_DELAY", 0.001)
    flapping = child(tmp_path / "pids", "import os, sys; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')")
    task = asyncio.create_task(Supervisor([flapping], worked=True).run())
    await lives(tmp_path / "pids", supervisor.HOPELESS + 2)
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])


async def test_a_program_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "bound", lambda command, signal: list(command))
    with pytest.raises(OSError, match="no-such-program"):
        await Supervisor([Child("engine", [str(tmp_path / "no-such-program")], os.environ)]).run()
