"""A PostgreSQL of the tests' own: the system's, else the one in the wheel pgserver; on a free port, gone afterwards."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import ports

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=60")


def binaries() -> Path | None:
    """The folder of initdb and postgres, None where there is none."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = importlib.util.find_spec("pgserver")
    if wheel is not None and wheel.origin is not None:
        places.append(Path(wheel.origin).parent / "pginstall/bin")
    return next((place for place in places if (place / "postgres").exists() and (place / "initdb").exists()), None)


class Server:
    """A server in ``folder``, where its data is in ``data``. ``url``: without a database's name."""

    def __init__(self, programs: Path, folder: Path, user: int | None) -> None:
        self._folder, self._user = folder, user
        (port,) = ports.free()
        self.url = f"postgresql+asyncpg://ivr@127.0.0.1:{port}"
        options = [word for option in _FAST for word in ("-c", option)]
        places = ["-D", folder / "data", "-k", folder, "-h", "127.0.0.1", "-p", str(port)]
        self._command = [programs / "postgres", *places, *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        log = self._folder / "log"
        with log.open("wb") as out:
            self._process = subprocess.Popen(self._command, stdout=out, stderr=out, user=self._user, cwd=self._folder)
        _await(self._process, log)

    def stop(self) -> None:
        """End every session, then the server; its data stays. Harmless when it has ended."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGINT)  # "fast"
            process.wait(20)


@contextmanager
def server(programs: Path) -> Iterator[Server]:
    """A running server, gone with its data at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="kommutator-postgresql-"))
    try:
        user = _unprivileged(folder)
        if user is not None and "site-packages" in programs.parts:
            programs = _copied(programs, folder)
        initdb = [
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "ivr",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)
        made = Server(programs, folder, user)
        try:
            made.start()
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder)


def _await(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        if b"ready to accept connections" in log.read_bytes():
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")


def _copied(programs: Path, folder: Path) -> Path:
    """The wheel's programs and libraries, out of a root's home, which lets nobody else in."""
    for name in ("pgserver", "pgserver.libs"):
        shutil.copytree(programs.parents[2] / name, folder / name, symlinks=True)
    return folder / "pgserver/pginstall/bin"


def _unprivileged(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root: whom to run it as then, the owner of ``folder`` from now on."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam("nobody").pw_uid
    os.chown(folder, user, -1)
    return user
