"""Which Asterisk to run: the user's own if it is new enough, otherwise one unpacked into our cache."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.debian import Progress, Root, cached, fetch

OLDEST = (20,)
"""The oldest version that will do."""

FLOOR = (22, 10, 1)
"""The version below which ``ivr doctor`` warns: later ones mend security faults."""

PACKAGES = (
    "asterisk",
    "asterisk-modules",
    "asterisk-core-sounds-en-wav",
    "asterisk-core-sounds-ru-wav",
    "asterisk-moh-opsound-wav",
)


@dataclass(frozen=True, slots=True)
class Installation:
    """An Asterisk that can be started. ``command``: what starts it; ``music``: a folder of music on hold."""

    command: tuple[str, ...]
    version: tuple[int, ...]
    modules: Path
    data: Path
    music: Path
    fetched: bool

    def has(self, module: str) -> bool:
        """Whether the module is there, say ``app_dial``."""
        return (self.modules / f"{module}.so").exists()


def find(*, mirror: str | None, progress: Progress) -> Installation:
    """The Asterisk to run. Raises ivr.debian.ProvisionError when none can be had."""
    return own() or unpacked(mirror=mirror, progress=progress)


def present() -> Installation | None:
    """The Asterisk that ``find`` would give without fetching one. Raises ivr.debian.ProvisionError."""
    root = cached("asterisk", PACKAGES)
    return own() or (_in(root) if root else None)


def own() -> Installation | None:
    """The user's own Asterisk: on PATH, of version 20 or newer, with its modules."""
    program = on_path()
    if program is None:
        return None
    version = version_of((program,))
    modules = next(_module_folders(Path(program)), None)
    if version < OLDEST or modules is None:
        return None
    data = next((d for d in (Path("/usr/share/asterisk"), Path("/var/lib/asterisk")) if (d / "sounds").exists()), None)
    data = data or Path("/var/lib/asterisk")
    return Installation((program,), version, modules, data, data / "moh", fetched=False)


def on_path() -> str | None:
    """The user's own program, whether it will do or not."""
    return shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")


def unpacked(*, mirror: str | None, progress: Progress) -> Installation:
    """Asterisk from Debian's packages, in our cache. Raises ivr.debian.ProvisionError."""
    return _in(fetch("asterisk", PACKAGES, mirror=mirror, progress=progress))


def _in(root: Root) -> Installation:
    command = tuple(root.command("asterisk"))
    data = root.path / "usr/share/asterisk"
    modules = root.loader.parent / "asterisk/modules"
    return Installation(command, version_of(command), modules, data, data / "moh", fetched=True)


def version_of(command: tuple[str, ...]) -> tuple[int, ...]:
    """The version that ``asterisk -V`` tells, () when it tells none."""
    try:
        done = subprocess.run([*command, "-V"], check=False, capture_output=True, text=True, timeout=20)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"Asterisk\s+(?:certified/)?(\d+(?:\.\d+)*)", done.stdout)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def _module_folders(program: Path) -> Iterator[Path]:
    prefix = program.resolve().parent.parent
    for pattern in ("lib/*/asterisk/modules", "lib64/asterisk/modules", "lib/asterisk/modules"):
        yield from (folder for folder in sorted(prefix.glob(pattern)) if (folder / "app_dial.so").exists())
