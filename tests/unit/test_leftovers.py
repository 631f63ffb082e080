"""Whoever forgets to clean up is told."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

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
