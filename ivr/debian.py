"""Programs from Debian's packages, unpacked into our own cache: no root, no chroot, no change to the host.

The host's apt does the work under a private configuration (own lists, an empty package status, own cache), so
dependencies are resolved and signatures checked as ever; ``dpkg-deb -x`` unpacks. See docs/adr/0004.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.messages import Message, words_of
from ivr.sources import Source, source

Progress = Callable[[str], None]
"""Is told each long step in words."""

UPDATE_SECONDS, DOWNLOAD_SECONDS, UNPACK_SECONDS = 120, 900, 120


class ProvisionError(Exception):
    """Packages could not be had; the message says why and what to mend."""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder with unpacked packages. ``libraries``: where its shared libraries are."""

    path: Path
    loader: Path
    libraries: tuple[Path, ...]

    def command(self, program: str) -> list[str]:
        """What starts ``program`` (say ``asterisk``) with the folder's own libraries. Raises ProvisionError."""
        for folder in ("usr/bin", "usr/sbin"):
            found = self.path / folder / program
            if found.exists():
                return [str(self.loader), "--library-path", ":".join(map(str, self.libraries)), str(found)]
        raise ProvisionError(Message("package-lacks", program=program, folder=str(self.path)))


def cache() -> Path:
    """The folder of everything that is fetched: XDG_CACHE_HOME/kommutator."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kommutator"


def fetch(name: str, packages: Sequence[str], *, mirror: str | None, progress: Progress) -> Root:
    """The packages and all they depend on, from the cache or fetched now. Raises ProvisionError.

    ``mirror``: a Debian mirror's URL; None takes the one that the host's apt knows.
    """
    folder = _folder(name, packages)
    if not folder.is_dir():
        with locked(cache() / f"{name}.lock"):
            if not folder.is_dir():
                need()
                _fetch(folder, name, packages, source(mirror), progress)
    return _root(folder)


def cached(name: str, packages: Sequence[str]) -> Root | None:
    """What ``fetch`` would give without fetching anything; None when it would. Raises ProvisionError."""
    folder = _folder(name, packages)
    return _root(folder) if folder.is_dir() else None


def _folder(name: str, packages: Sequence[str]) -> Path:
    mark = hashlib.sha256(" ".join([*sorted(packages), os.uname().machine]).encode()).hexdigest()[:12]
    return cache() / f"{name}-{mark}"


def _fetch(folder: Path, name: str, packages: Sequence[str], origin: Source | None, progress: Progress) -> None:
    if origin is None:
        raise ProvisionError(Message("mirror-unknown"))
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=folder.parent) as work:
        archives = _downloaded(Path(work), name, packages, origin, progress)
        progress(Message("unpacking", name=name, count=len(archives)))
        root = Path(work) / "root"
        for archive in archives:
            _run(["dpkg-deb", "-x", str(archive), str(root)], limit=UNPACK_SECONDS)
        root.rename(folder)


def _downloaded(work: Path, name: str, packages: Sequence[str], origin: Source, progress: Progress) -> list[Path]:
    apt = _Apt(work, origin)
    try:
        progress(Message("reading-packages", name=name))
        apt.run("update", limit=UPDATE_SECONDS)
        progress(Message("downloading", name=name, packages=", ".join(packages)))
        apt.run("install", "--yes", "--download-only", *packages, limit=DOWNLOAD_SECONDS)
    except ProvisionError as error:
        raise ProvisionError(Message("mirror-fails", name=name, url=origin.url, why=words_of(error))) from None
    return sorted(apt.archives.glob("*.deb"))


class _Apt:
    """apt-get under a configuration in ``work`` that knows nothing of the host's packages."""

    def __init__(self, work: Path, origin: Source) -> None:
        for part in ("lists/partial", "cache/archives/partial", "etc/preferences.d", "etc/apt.conf.d"):
            (work / part).mkdir(parents=True)
        (work / "status").touch()
        (work / "etc/sources.list").write_text(origin.line())
        self.archives = work / "cache/archives"
        self._environment = {**os.environ, "APT_CONFIG": str(work / "apt.conf"), "LC_ALL": "C"}
        lines = [
            f'Dir "{work}";',
            f'Dir::State "{work}";',
            f'Dir::State::lists "{work}/lists";',
            f'Dir::State::status "{work}/status";',
            f'Dir::Cache "{work}/cache";',
            f'Dir::Etc "{work}/etc";',
            'APT::Install-Recommends "false";',
            'Acquire::Languages "none";',
            'Acquire::Retries "3";',
            'APT::Update::Error-Mode "any";',  # a mirror that does not answer is only warned of otherwise
            # Mirrors lag and clocks differ; the signature is checked all the same.
            'Acquire::Check-Valid-Until "false";',
            *(['APT::Sandbox::User "root";'] if os.getuid() == 0 else []),
        ]
        (work / "apt.conf").write_text("\n".join(lines) + "\n")

    def run(self, *arguments: str, limit: float) -> None:
        """``apt-get`` with these arguments. Raises ProvisionError with its last words."""
        _run(["apt-get", "--quiet", *arguments], limit=limit, environment=self._environment)


def _run(command: list[str], *, limit: float, environment: dict[str, str] | None = None) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=limit, env=environment)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise ProvisionError(Message("program-slow", program=command[0], seconds=f"{limit:g}")) from None
    except subprocess.CalledProcessError as error:
        words = " ".join((error.stderr or error.stdout or "").split())[-600:]
        raise ProvisionError(Message("program-failed", program=command[0], why=words)) from None


def need() -> None:
    """Raises ProvisionError when this machine lacks what fetching needs."""
    missing = [program for program in ("apt-get", "dpkg-deb") if shutil.which(program) is None]
    if missing:
        raise ProvisionError(Message("programs-missing", programs=tuple(missing)))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; a dead one holds nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _root(path: Path) -> Root:
    loaders = sorted(path.glob("usr/lib/*/ld-linux-*.so.*"))
    if not loaders:
        raise ProvisionError(Message("folder-not-whole", folder=str(path)))
    home = loaders[0].parent
    inner = {library.parent for library in home.glob("*/*.so*") if library.parent.name in _LIBRARY_FOLDERS}
    return Root(path, loaders[0], (home, *sorted(inner)))


_LIBRARY_FOLDERS = {"pulseaudio", "blas", "lapack"}
"""Folders beside the libraries in which programs look for more of them."""
