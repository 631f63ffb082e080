"""What ``make`` does before anything of ours runs. Nothing is installed: the interpreter is a script."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ivr.settings import PROJECT

PYTHON = """#!/bin/sh
echo "$*" >> "{noted}"
mkdir -p .venv/bin
[ -e .venv/bin/python ] || cp "$0" .venv/bin/python
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "Горячая линия"
    folder.mkdir()
    shutil.copy(PROJECT / "Makefile", folder)
    (folder / "requirements-dev.lock").touch()
    (tmp_path / "python").write_text(PYTHON.format(noted=tmp_path / "noted"))
    (tmp_path / "python").chmod(0o755)
    return folder


def made(folder: Path) -> bool:
    """Whether ``make setup`` made a virtual environment."""
    noted = folder.parent / "noted"
    noted.unlink(missing_ok=True)
    subprocess.run(["make", "setup", f"PYTHON={folder.parent}/python"], cwd=folder, check=True, capture_output=True)
    return noted.exists() and "-m venv" in noted.read_text()


def test_what_is_set_up_is_left_alone_until_its_folder_is_moved(clone: Path) -> None:
    assert made(clone)
    assert not made(clone)
    (clone / ".venv/bin/ivr").touch()
    moved = clone.rename(clone.with_name("moved"))
    assert made(moved), "its programs begin with the old folder's name"
    assert not (moved / ".venv/bin/ivr").exists()
    assert not made(moved)
