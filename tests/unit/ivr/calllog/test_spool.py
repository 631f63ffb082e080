import asyncio
import os
import resource
import signal
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager

from ivr.calllog.events import NodeEntered
from ivr.calllog.segments import segments
from ivr.calllog.spool import Spool, read
from tests.until import until


def event(number: int) -> NodeEntered:
    return NodeEntered(at=1.8e9 + number, flow="main", node=f"node-{number}")


def fill(spool: Spool, count: int, call: str = "a", first: int = 1) -> None:
    for seq in range(first, first + count):
        spool.append(call, seq, event(seq))


def told(entries) -> list[tuple[str, int]]:
    return [(entry.call_id, entry.seq) for entry in entries]


def expected(count: int, call: str = "a", first: int = 1) -> list[tuple[str, int]]:
    return [(call, seq) for seq in range(first, first + count)]


def drain(spool: Spool, limit: int = 7) -> list[tuple[str, int]]:
    seen = []
    while (batch := spool.batch(limit)).entries:
        seen += told(batch.entries)
        spool.applied(batch)
    return seen


@asynccontextmanager
async def running(spool: Spool):
    task = asyncio.create_task(spool.run())
    try:
        yield spool
    finally:
        task.cancel()
        await asyncio.wait([task])


@contextmanager
def full_disk(size: int):
    """No file may grow beyond ``size``: what a full disk looks like, down to the half-written line."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_was_appended_is_read_back(tmp_path):
    spool = Spool(tmp_path)
    fill(spool, 3)
    assert told(read(tmp_path)) == expected(3)
    assert [entry.event for entry in read(tmp_path)] == [event(1), event(2), event(3)]
    spool.close()


def test_a_killed_process_loses_nothing(tmp_path):
    code = (
        "import sys; from pathlib import Path; from tests.unit.ivr.calllog.test_spool import Spool, event\n"
        "spool = Spool(Path(sys.argv[1]), segment_bytes=5000); seq = 0\n"
        "while True:\n"
        "    seq += 1; spool.append('a', seq, event(seq)); print(seq, flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 300:
            break
    child.send_signal(signal.SIGKILL)
    said = [line for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    child.wait()
    child.stdout.close()
    last = int(said[-1]) if said else 300
    found = told(read(tmp_path))
    assert found[:last] == expected(last)
    assert len(segments(tmp_path)) > 1


def test_a_torn_last_line_is_passed_over_and_writing_goes_on(tmp_path):
    first = Spool(tmp_path)
    fill(first, 2)
    path = segments(tmp_path)[-1]
    path.write_bytes(path.read_bytes()[:-9])
    after_crash = Spool(tmp_path)
    fill(after_crash, 2, call="b")
    assert told(read(tmp_path)) == [("a", 1), ("b", 1), ("b", 2)]
    assert drain(after_crash) == [("a", 1), ("b", 1), ("b", 2)]
    first.close()
    after_crash.close()


def test_a_damaged_line_costs_only_itself(tmp_path):
    spool = Spool(tmp_path)
    fill(spool, 3)
    path = segments(tmp_path)[0]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"\x00\xff garbage\n" + lines[2])
    assert told(read(tmp_path)) == [("a", 1), ("a", 3)]
    spool.close()


def test_segments_go_when_they_are_applied_and_not_before(tmp_path):
    spool = Spool(tmp_path, segment_bytes=300)
    fill(spool, 20)
    many = len(segments(tmp_path))
    assert many > 3
    batch = spool.batch(1)
    assert len(segments(tmp_path)) == many
    spool.applied(batch)
    assert drain(spool) == expected(19, first=2)
    assert len(segments(tmp_path)) == 1
    assert spool.backlog_bytes == 0
    spool.close()
    assert segments(tmp_path) == []


def test_a_batch_that_was_not_applied_comes_again(tmp_path):
    spool = Spool(tmp_path)
    fill(spool, 5)
    assert told(spool.batch(3).entries) == told(spool.batch(3).entries) == expected(3)
    spool.close()
    assert told(read(tmp_path)) == expected(5)


def test_a_new_run_goes_on_where_the_last_one_stopped(tmp_path):
    first = Spool(tmp_path)
    fill(first, 3)
    first.close()
    second = Spool(tmp_path)
    fill(second, 2, first=4)
    assert drain(second) == expected(5)
    second.close()


async def test_it_wakes_whoever_waits_for_more(tmp_path):
    async with running(Spool(tmp_path)) as spool:
        waiting = asyncio.create_task(spool.more())
        await asyncio.sleep(0)
        assert not waiting.done()
        fill(spool, 1)
        async with asyncio.timeout(1):
            await waiting


async def test_events_reach_the_disk_within_the_bound(tmp_path, monkeypatch):
    synced = asyncio.Event()
    loop, real = asyncio.get_running_loop(), os.fsync

    def fsync(file):
        real(file)
        loop.call_soon_threadsafe(synced.set)

    monkeypatch.setattr(os, "fsync", fsync)
    async with running(Spool(tmp_path, sync_within=0.02)) as spool:
        fill(spool, 1)
        async with asyncio.timeout(1):
            await synced.wait()


async def test_after_a_failed_fsync_it_goes_on_in_another_file(tmp_path, monkeypatch):
    real, failures = os.fsync, [OSError(5, "Input/output error")]

    def fsync(file):
        if failures:
            raise failures.pop()
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)
    async with running(Spool(tmp_path, sync_within=0.001)) as spool:
        fill(spool, 1)
        await until(lambda: not spool.healthy)
        fill(spool, 1, first=2)
        await until(lambda: spool.healthy)
        assert len(segments(tmp_path)) == 2
        assert drain(spool) == expected(2)


async def test_a_full_disk_keeps_events_in_memory_and_order(tmp_path):
    async with running(Spool(tmp_path, retry=0.01)) as spool:
        with full_disk(250):
            fill(spool, 10)
            assert not spool.healthy
            assert 0 < len(told(read(tmp_path))) < 10
        fill(spool, 2, first=11)
        await until(lambda: spool.healthy)
        assert told(read(tmp_path)) == expected(12)
        assert drain(spool) == expected(12)


def test_a_full_disk_does_not_keep_events_from_the_database(tmp_path):
    spool = Spool(tmp_path)
    with full_disk(250):
        fill(spool, 10)
        assert drain(spool, limit=3) == expected(10)
        fill(spool, 1, first=11)
        assert drain(spool) == expected(1, first=11)
    assert spool.backlog_bytes == 0
    spool.close()


def test_memory_is_bounded_and_the_loss_is_counted(tmp_path):
    spool = Spool(tmp_path, memory_bytes=1000)
    with full_disk(0):
        fill(spool, 100)
    kept = 100 - spool.lost
    assert 0 < kept < 20
    assert drain(spool) == expected(kept)
    spool.close()


def test_a_folder_that_is_a_file_stops_no_call(tmp_path):
    (tmp_path / "spool").write_text("in the way")
    spool = Spool(tmp_path / "spool")
    fill(spool, 2)
    assert not spool.healthy
    assert drain(spool) == expected(2)
    spool.close()
