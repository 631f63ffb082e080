"""A test run leaves nothing: no process, no port, no file. Commands speak English to it, whatever the locale."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.messages import VARIABLE
from tests import leftovers

PROJECT = Path(__file__).resolve().parents[1]

os.environ[VARIABLE] = "en"


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Looked at when everything else has been taken down."""
    tmp_path_factory.getbasetemp()  # pytest's own folder, which pytest clears, is not inside of the following
    mark, before = uuid.uuid4().hex, leftovers.files(PROJECT)
    with tempfile.TemporaryDirectory(prefix="kt-") as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder).chmod(0o711)  # PostgreSQL, which root runs as another user, has its folder in it
        patch.setenv(leftovers.MARK, mark)
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield
        assert not leftovers.processes(mark)
        assert not leftovers.ports()
        assert not list(Path(folder).iterdir())
        assert not leftovers.files(PROJECT) - before, "files in the project"
