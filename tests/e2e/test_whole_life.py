"""From start to stop at other addresses than loopback's usual one; and when it has stopped, nothing is left of it."""

import asyncio
import os
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.e2e import processes
from tests.e2e.bare import bare_call
from tests.e2e.caller import MOSCOW
from tests.e2e.hotline import IVR, PROJECT, Hotline, hotline

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def served(line: Hotline, caller: str) -> None:
    """A caller is answered and hears something, and has a ticket."""
    async with bare_call(line.sip_port, MOSCOW, caller) as call:
        assert call.status == 200
        async with asyncio.timeout(10):
            while call.packets_heard < 10:
                await asyncio.sleep(0.05)
    async with asyncio.timeout(10):
        while not [each for each in (await line.ask("GET", "/tickets"))["tickets"] if each["caller"] == caller]:
            await asyncio.sleep(0.05)


async def test_a_hotline_that_has_stopped_leaves_nothing(tmp_path: Path) -> None:
    temporary = Path(tempfile.mkdtemp(prefix="kommutator-t-"))
    before = {path.name for path in Path("/dev/shm").iterdir()} if Path("/dev/shm").is_dir() else set()
    try:
        with hotline(TMPDIR=str(temporary)) as line:
            await served(line, "+79170000061")
            state = line.state
            assert "calls are served" in await asyncio.to_thread(line.ivr, "doctor")
            line.stop()  # which looks for processes and ports
            assert sorted(path.name for path in (state / "run").iterdir()) == ["lock"]
            assert not list((state / "asterisk/run").iterdir()), "no socket, no process id"
            assert not [path for path in state.rglob("*") if path.is_socket()]
            assert not list((state / "spool").iterdir()), "every event is in the database"
            others = [path for path in state.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o077]
            assert not others, "whatever is written is for its own user"
            assert not [path for path in state.rglob(".*") if path.name != ".lock"], "no draft of a file"
        assert not list(temporary.iterdir())
        after = {path.name for path in Path("/dev/shm").iterdir()} if before else set()
        assert not {name for name in after - before if "asterisk" in name or "kommutator" in name}
    finally:
        temporary.rmdir()


async def test_at_every_address_of_the_machine() -> None:
    with hotline(IVR_BIND="0.0.0.0") as line:
        await served(line, "+79170000062")
        assert _listens_on_loopback_alone(line.http_port), "the API is not encrypted: it stays on this machine"


def _listens_on_loopback_alone(port: int) -> bool:
    with socket.socket() as elsewhere:
        elsewhere.settimeout(2)
        return elsewhere.connect_ex(("127.0.0.2", port)) != 0


async def test_by_ipv6() -> None:
    with hotline(IVR_BIND="::1", IVR_HTTP_BIND="127.0.0.1", IVR_TRUNK="::1/128") as line:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as phone:
            phone.bind(("::1", 0))
            phone.settimeout(5)
            mine = f"[::1]:{phone.getsockname()[1]}"
            request = (
                f"OPTIONS sip:{MOSCOW}@[::1]:{line.sip_port} SIP/2.0\r\nVia: SIP/2.0/UDP {mine};branch=z9hG4bKsix\r\n"
                f"From: <sip:+79170000063@{mine}>;tag=six\r\nTo: <sip:{MOSCOW}@[::1]>\r\nCall-ID: six\r\n"
                f"CSeq: 1 OPTIONS\r\nContact: <sip:x@{mine}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
            )
            await asyncio.to_thread(phone.sendto, request.encode(), ("::1", line.sip_port))
            answer = await asyncio.to_thread(phone.recv, 4096)
        assert answer.startswith(b"SIP/2.0 200")


async def test_a_closed_terminal_stops_it_in_order() -> None:
    with hotline() as line:
        assert line._run is not None
        family = processes.descendants(line._run.pid)
        line._run.send_signal(signal.SIGHUP)
        assert await asyncio.to_thread(line._run.wait, 20) == 0
        assert not [pid for pid in family if processes.alive(pid)]
        line._run = None


async def test_an_engine_that_never_works_ends_the_run_with_its_words(tmp_path: Path) -> None:
    with hotline() as line:
        environment = line.environment
        line.stop()
        broken = tmp_path / "sitecustomize.py"
        broken.write_text(
            "import sys\nif sys.argv[1:] == ['engine'] or 'engine' in sys.orig_argv:\n"
            "    print('a fault of the test', file=sys.stderr)\n    raise SystemExit(1)\n"
        )
        path = os.pathsep.join([str(tmp_path), environment["PYTHONPATH"]])
        run = await asyncio.to_thread(
            subprocess.run,
            (*IVR, "run"),
            env={**environment, "PYTHONPATH": path},
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr.count("a fault of the test") == 5
    assert "engine ended 5 times in a row before it ever worked (exit status 1)" in run.stderr.splitlines()[-1]
