"""A test run leaves nothing: no process, no port, no file. Commands speak English to it, whatever the locale.

Every worker of pytest-xdist looks for what its own tests left; who began the run looks at its end for what the tests of
a worker that died have left.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.messages import VARIABLE
from tests import leftovers

PROJECT = Path(__file__).resolve().parents[1]

RUN = os.environ[leftovers.MARK] if "PYTEST_XDIST_WORKER" in os.environ else uuid.uuid4().hex
"""This run's mark, which its workers have from who began it."""

_folders = itertools.count(1)
_failed: set[str] = set()

os.environ.update({leftovers.MARK: RUN, VARIABLE: "en"})


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Looked at when everything else has been taken down."""
    tmp_path_factory.getbasetemp()  # pytest's own folder, which pytest clears, is not inside of the following
    mark, before = f"{RUN}-{uuid.uuid4().hex}", leftovers.files(PROJECT)
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


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Kept if the test fails. Its name is shorter than pytest's: a Unix socket's path in it has 107 bytes at most."""
    name = request.node.originalname.removeprefix("test_")[:8]
    path = tmp_path_factory.mktemp(f"{next(_folders)}-{name}", numbered=False)
    yield path
    if request.node.nodeid not in _failed:
        shutil.rmtree(path, ignore_errors=True)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Which tests fail."""
    if report.failed:
        _failed.add(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker that died looked for nothing."""
    if not hasattr(session.config, "workerinput") and (left := leftovers.processes(RUN)):
        session.config.get_terminal_writer().write("\n".join(("", "ERROR processes left behind:", *left, "")))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
