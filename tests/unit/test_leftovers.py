"""Whoever forgets to clean up is told."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.settings import PROJECT
from tests import leftovers


def test_a_process_is_found_though_its_parent_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "SECONDS", 0)
    waits = "import sys; print(flush=True); sys.stdin.read()"
    starts = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {waits!r}])"
    ours, theirs = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", starts],
        env={**os.environ, leftovers.MARK: "one-of-a-test"},
        stdin=ours,
        stdout=subprocess.PIPE,
    ) as parent:
        os.close(ours)
        assert parent.stdout is not None
        assert parent.stdout.readline()
        parent.wait()
        (left,) = leftovers.processes("one-of-a-test")
        assert "sys.stdin.read()" in left
        os.close(theirs)
        parent.stdout.read()  # until it has ended
    monkeypatch.undo()
    assert leftovers.processes("one-of-a-test") == []


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_port_is_found(kind: socket.SocketKind) -> None:
    before = leftovers.ports()
    with socket.socket(socket.AF_INET, kind) as held:
        held.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            held.listen()
        (found,) = set(leftovers.ports()) - set(before)
        assert found.endswith(f" {held.getsockname()[1]}")
    assert leftovers.ports() == before


def test_what_a_hotline_writes_into_the_project_is_found(tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    before = leftovers.files(tmp_path)
    for name in ("state", "recordings/calls", ".hypothesis"):
        (tmp_path / name).mkdir()
    assert leftovers.files(tmp_path) - before == {"state", "recordings/calls"}


DIES = """
import os, subprocess, sys

def test_dies():
    subprocess.Popen([sys.executable, "-c", "import sys; open(sys.argv[1]).read()", "pipe"])
    os._exit(1)
"""


def test_what_a_worker_that_died_has_left_is_told_at_the_end_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(DIES)
    os.mkfifo(tmp_path / "pipe")
    until_ended = os.open(tmp_path / "pipe", os.O_RDWR)
    shares = "from tests import leftovers\nfrom tests.conftest import *\nleftovers.SECONDS = 0\n"
    (tmp_path / "conftest.py").write_text(shares)
    command = [sys.executable, "-m", "pytest", "-n", "1", "--max-worker-restart", "0", "--rootdir", tmp_path, tmp_path]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment.update(PYTHONPATH=str(PROJECT), TMPDIR=str(tmp_path))
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    os.close(until_ended)
    assert done.returncode == 1
    assert "open(sys.argv[1]).read() pipe" in done.stdout.partition("processes left behind")[2]
