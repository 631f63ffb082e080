"""Every configuration that was live, kept as files: a rollback needs no database, and reads what an admin reads."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.golive.content import Content, read_content, write_content

KEPT = 50
"""How many changes are remembered; the content of older ones is removed."""


class UnknownVersion(Exception):
    """No kept version is meant by what was asked; the message says what is kept."""


@dataclass(frozen=True, slots=True)
class Change:
    """``version`` went live ``at`` (s since 1970) because ``who`` wanted it, and ``why``, in their words, or "".

    Not ``live``: it never was; a rollback put it aside.
    """

    version: str
    at: float
    who: str
    why: str = ""
    live: bool = True


class Versions:
    """The changes of one hotline, in ``state``/versions. Every method raises OSError."""

    def __init__(self, state: Path, now: Callable[[], float]) -> None:
        self.folder, self._now = state / "versions", now

    def changes(self) -> list[Change]:
        """The oldest first. A history that cannot be read is an empty one."""
        try:
            return [Change(**each) for each in json.loads(self._history.read_bytes())]
        except (FileNotFoundError, ValueError, TypeError):
            return []

    def content_folder(self, version: str) -> Path:
        """Where the files of a kept version are, laid out as the configuration's folder."""
        return self.folder / version

    def content(self, version: str) -> Content:
        """The files of a kept version."""
        return read_content(self.content_folder(version))

    def went_live(self, version: str, content: Content, who: str, why: str) -> None:
        """Note a change; a version that is live already is noted again only when a reason comes."""
        before = [change for change in self.changes() if change.live]
        if before and before[-1].version == version and not why:
            return
        self._keep(Change(version, self._now(), who, why), content)

    def put_aside(self, content: Content, who: str, why: str) -> str:
        """Keep what a rollback is about to overwrite; the version to name it by."""
        digest = hashlib.sha256()
        for name, raw in sorted(content.items()):
            digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
        version = digest.hexdigest()[:12]
        self._keep(Change(version, self._now(), who, why, live=False), content)
        return version

    def live(self) -> str:
        """The version that went live last. Raises UnknownVersion."""
        for change in reversed(self.changes()):
            if change.live:
                return change.version
        raise UnknownVersion("nothing has been live yet: start the hotline first")

    def find(self, wanted: str, current: str) -> str:
        """The version that begins with ``wanted``; for "" the one that was live before ``current``.

        Raises UnknownVersion.
        """
        changes = self.changes()
        if not wanted:
            earlier = [change.version for change in changes if change.live and change.version != current]
            if not earlier:
                raise UnknownVersion("there is no earlier version to go back to")
            return earlier[-1]
        found = {change.version for change in changes if change.version.startswith(wanted)}
        if len(found) != 1:
            what = "no version begins" if not found else "several versions begin"
            raise UnknownVersion(f"{what} with {wanted!r}: `ivr versions` lists them")
        return found.pop()

    @property
    def _history(self) -> Path:
        return self.folder / "history.json"

    def _keep(self, change: Change, content: Content) -> None:
        folder = self.content_folder(change.version)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_content(content, folder)
        changes = [*self.changes(), change][-KEPT:]
        new = self._history.with_suffix(".new")
        new.write_text(json.dumps([asdict(each) for each in changes], ensure_ascii=False, indent=1), "utf-8")
        new.replace(self._history)
        kept = {each.version for each in changes}
        for stale in self.folder.iterdir():
            if stale.is_dir() and stale.name not in kept:
                shutil.rmtree(stale, ignore_errors=True)
