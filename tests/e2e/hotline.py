"""A whole hotline for tests: ``ivr run`` as a child, in a folder and on ports of its own, and nothing left behind."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e import processes
from tests.ports import block, is_free

PROJECT = Path(__file__).resolve().parents[2]
START = 90.0
"""Seconds until ready: prompts that no cache holds are rendered meanwhile."""
STOP = 20.0
RTP_PORTS = 200
IVR = (sys.executable, "-m", "ivr")
RING, WRAP_UP = "5s", "1s"
"""Shorter than in the shipped queues.yaml, so that a test may wait for their ends."""


class Hotline:
    """One hotline's folder, ports and processes. Make it by ``hotline()``."""

    def __init__(
        self,
        state: Path,
        config: Path,
        extra: Mapping[str, str],
        first: int,
        under: Sequence[str] = (),
    ) -> None:
        self.state, self.config, self.under = state, config, under
        self.sip_port, self.http_port, self.agi_port, self.ami_port, self.ws_port = range(first, first + 5)
        self.rtp_ports = (first + 10, first + 9 + RTP_PORTS)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("IVR_")},
            "PYTHONPATH": str(PROJECT),
            "IVR_STATE": str(state),
            "IVR_CONFIG": str(config),
            "IVR_SIP_PORT": str(self.sip_port),
            "IVR_HTTP_PORT": str(self.http_port),
            "IVR_AGI_PORT": str(self.agi_port),
            "IVR_AMI_PORT": str(self.ami_port),
            "IVR_WS_PORT": str(self.ws_port),
            "IVR_RTP_PORTS": f"{self.rtp_ports[0]}-{self.rtp_ports[1]}",
            **extra,
        }
        self.prompts = state / "prompts"
        self.recordings = Path(extra.get("IVR_RECORDINGS", state / "recordings/calls"))
        self.log = state.parent / f"{state.name}.log"
        self._token = ""
        self._run: subprocess.Popen[bytes] | None = None
        self._family: set[int] = set()

    def start(self) -> None:
        """Start, and wait until it says that it is ready."""
        with self.log.open("ab") as log:
            command = (*self.under, *IVR, "run")
            self._run = subprocess.Popen(command, env=self.environment, cwd=PROJECT, stdout=log, stderr=log)
        self.wait_ready(START)
        self._token = self._token or self.ivr("token", "create", "--role", "admin").split()[-1]

    def wait_ready(self, within: float = 30.0) -> None:
        """Until /readyz says 200."""
        self.until(self.is_ready, within, "ready")

    def is_ready(self) -> bool:
        """Whether /readyz says 200 now."""
        assert self._run is not None
        if self._run.poll() is not None:
            raise AssertionError(f"ivr run ended with {self._run.returncode}:\n{self.said()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """Ctrl-C; then no process and no port of it may be left."""
        if self._run is None:
            return
        run, self._run = self._run, None
        self._family.update(processes.descendants(run.pid))
        run.send_signal(signal.SIGINT)
        try:
            status = run.wait(STOP)
        except subprocess.TimeoutExpired:
            status = None
        left = [f"{pid}: {processes.command(pid)}" for pid in self._family if processes.alive(pid)]
        self._finish_off(run)
        assert status in (0, 130), f"ivr run ended with {status} after Ctrl-C; its last words:\n{self.said()}"
        assert not left, f"processes left behind: {left}"
        held = [port for port in (*self._ports, *range(self.rtp_ports[0], self.rtp_ports[1] + 1)) if not is_free(port)]
        assert not held, f"ports still held: {held}"

    def _finish_off(self, run: subprocess.Popen[bytes]) -> None:
        for pid in (run.pid, *self._family):
            if processes.alive(pid):
                os.kill(pid, signal.SIGKILL)
        run.wait()

    @property
    def _ports(self) -> tuple[int, ...]:
        return self.sip_port, self.http_port, self.agi_port, self.ami_port, self.ws_port

    def asterisk_pid(self) -> int:
        """The process of Asterisk."""
        return self._child(lambda command: "asterisk.conf" in command)

    def engine_pid(self) -> int:
        """The process of the engine."""
        return self._child(lambda command: command.endswith("ivr engine"))

    def _child(self, which: Callable[[str], bool]) -> int:
        assert self._run is not None
        family = processes.descendants(self._run.pid)
        self._family.update(family)
        found = [pid for pid in family if processes.alive(pid) and which(processes.command(pid))]
        assert found, f"no such process among {[processes.command(pid) for pid in family]}"
        return found[0]

    def ivr(self, *arguments: str, typed: str = "") -> str:
        """What a command of ours printed; it must succeed."""
        done = subprocess.run(
            (*IVR, *arguments),
            env=self.environment,
            cwd=PROJECT,
            input=typed,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, f"ivr {' '.join(arguments)}: {done.stderr or done.stdout}"
        return done.stdout

    def add_operator(self, id: str, password: str, skills: Mapping[str, int], languages: tuple[str, ...]) -> str:
        """``ivr operator add``: what it printed."""
        options = [f"--skill={name}={level}" for name, level in skills.items()]
        options += [f"--language={language}" for language in languages]
        name = f"Operator {id}"
        return self.ivr("operator", "add", id, "--name", name, *options, "--password-stdin", typed=password + "\n")

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """The API's answer; a refusal is an AssertionError."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http_port}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refusal:
            raise AssertionError(f"{method} {path}: {refusal.code} {refusal.read().decode()}") from None
        return json.loads(text) if text else None

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """As api, without holding up the phones."""
        return await asyncio.to_thread(self.api, method, path, body)

    def said(self) -> str:
        """The end of what ``ivr run`` printed."""
        return self.log.read_text(errors="replace")[-6000:] if self.log.exists() else ""

    def until(self, condition: Callable[[], bool], within: float, what: str) -> None:
        """Wait for ``condition``, looking ten times a second."""
        limit = time.monotonic() + within
        while not condition():
            if time.monotonic() > limit:
                raise AssertionError(f"not {what} within {within} s; the hotline said:\n{self.said()}")
            time.sleep(0.1)


def configuration(folder: Path) -> Path:
    """The shipped configuration, but for queues that ring and wrap up shortly."""
    folder.mkdir()
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, folder)
    shutil.copytree(PROJECT / "dialplans", folder / "dialplans")
    (folder / "recordings").mkdir()
    (folder / "recordings/prompts").symlink_to(PROJECT / "recordings/prompts")
    queues = folder / "queues.yaml"
    queues.write_text(queues.read_text().replace("ring: 20s", f"ring: {RING}").replace("up: 10s", f"up: {WRAP_UP}"))
    return folder


@contextmanager
def hotline(under: Sequence[str] = (), **extra: str) -> Iterator[Hotline]:
    """A running hotline for the length of the block. ``extra``: more environment variables; ``under``: as below."""
    with (
        tempfile.TemporaryDirectory(prefix="kommutator-") as folder,
        configured(configuration(Path(folder) / "config"), under=under, **extra) as running,
    ):
        yield running


@contextmanager
def configured(config: Path, *, under: Sequence[str] = (), **extra: str) -> Iterator[Hotline]:
    """A running hotline with this configuration; its folder's path is short, as a Unix socket's must be.

    ``under``: the command that runs it, as ``nice`` would.
    """
    with tempfile.TemporaryDirectory(prefix="kommutator-") as folder, block() as first:
        it = Hotline(Path(folder) / "state", config, extra, first, under)
        try:
            it.start()
            yield it
        finally:
            it.stop()
