"""Which package archive the host's own apt knows: nothing here names one."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

KEYRINGS = Path("/usr/share/keyrings")


@dataclass(frozen=True, slots=True)
class Source:
    """A line of apt's sources. ``keyring``: whose signatures are accepted."""

    url: str
    suite: str
    components: tuple[str, ...]
    keyring: Path

    def line(self) -> str:
        """As it stands in sources.list."""
        return f"deb [signed-by={self.keyring}] {self.url} {self.suite} {' '.join(self.components)}\n"


@dataclass(frozen=True, slots=True)
class _Distribution:
    """Where a distribution keeps Asterisk. ``suite``: None is the host's own release."""

    origin: str
    suite: str | None
    components: tuple[str, ...]
    keyring: str


DISTRIBUTIONS = (
    _Distribution("Debian", "sid", ("main", "non-free"), "debian-archive-keyring.gpg"),
    _Distribution("Ubuntu", None, ("main", "universe", "multiverse"), "ubuntu-archive-keyring.gpg"),
)
"""Asterisk is in no stable Debian, so sid; Ubuntu's releases have it in universe."""


def source(mirror: str | None) -> Source | None:
    """The source to fetch from; ``mirror`` (a Debian mirror's URL) wins. None when nothing is known."""
    if mirror is not None:
        return _source(DISTRIBUTIONS[0], mirror, "")
    return choose(_known(), platform.freedesktop_os_release().get("VERSION_CODENAME", ""))


def choose(targets: Iterable[str], codename: str) -> Source | None:
    """The host's own archive among apt's index targets, each ``URL RELEASE ORIGIN``.

    ORIGIN is empty before the host's first ``apt-get update``: then the archive's path tells. Others that carry
    the same release's name (a vendor's) are passed over.
    """
    for url, release, origin in ([*target.split(), "", "", ""][:3] for target in targets):
        for distribution in DISTRIBUTIONS:
            path_tells = not origin and url.rstrip("/").endswith("/" + distribution.origin.lower())
            if release == codename and (origin == distribution.origin or path_tells):
                return _source(distribution, url, codename)
    return None


def _source(distribution: _Distribution, url: str, codename: str) -> Source:
    suite = distribution.suite or codename
    return Source(url, suite, distribution.components, KEYRINGS / distribution.keyring)


def _known() -> list[str]:
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(ORIGIN)"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return []
    return list(dict.fromkeys(done.stdout.splitlines()))
