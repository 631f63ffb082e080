"""Chromium for the tests of the pages: the machine's own, or Debian's packages unpacked into our cache.

Unpacked it is started by Debian's own loader, which lies beside it, since Chromium looks for its files where its
executable is and starts its children from there (``--browser-subprocess-path``).
"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from ivr.debian import Progress, Root, fetch

PACKAGES = ("chromium", "fonts-dejavu-core")


def find(*, mirror: str | None, progress: Progress) -> Path:
    """What starts Chromium. Raises ivr.debian.ProvisionError."""
    own = shutil.which("chromium")
    return Path(own) if own else _started(fetch("chromium", PACKAGES, mirror=mirror, progress=progress))


def _started(root: Root) -> Path:
    """A script that starts the unpacked one, written into its folder."""
    home = root.path / "usr/lib/chromium"
    loader, script = home / "loader", home / "start"
    if not script.exists():
        shutil.copy(root.loader.resolve(), loader)
        libraries = ":".join(map(str, (home, *root.libraries)))
        fonts = shlex.quote(str(root.path / "etc/fonts/fonts.conf"))
        words = map(shlex.quote, (str(loader), "--library-path", libraries, str(home / "chromium")))
        child = shlex.quote(f"--browser-subprocess-path={script}")
        new = home / "start.new"
        new.write_text(f'#!/bin/sh\nexport FONTCONFIG_FILE={fonts}\nexec {" ".join(words)} {child} --no-zygote "$@"\n')
        new.chmod(0o755)
        new.replace(script)
    return script
