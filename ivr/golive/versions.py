"""Every configuration that was live, kept as files: a rollback needs no database, and reads what an admin reads.

The last of them that was live is also what an engine starts on while the folder is broken.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog

from ivr.golive.content import Content, read_content, write_content
from ivr.golive.recorded import LIMIT, Sounds, recorded
from ivr.messages import Message

_log = structlog.get_logger(__name__)

KEPT = 50
"""How many changes are remembered; the content of older ones is removed."""

FORMERLY = ("last-good", "last-good.old")
"""Where earlier engines kept the last configuration that passed, in IVR_STATE: read until a version has been live."""


class UnknownVersion(Exception):
    """No kept version is meant by what was asked; ``message`` says what to ask for."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


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
        self._state, self.folder, self._now = state, state / "versions", now
        self._sounds = Sounds(self.folder)

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

    def good(self) -> list[Path]:
        """Folders of configurations that passed, the one to prefer first: the last that was live."""
        lived = [change.version for change in reversed(self.changes()) if change.live]
        folders = [self.content_folder(version) for version in dict.fromkeys(lived)]
        return [folder for folder in (*folders[:1], *(self._state / name for name in FORMERLY)) if folder.exists()]

    def went_live(self, version: str, content: Content, who: str, why: str, source: Path | None = None) -> None:
        """Note a change; a version that is live already is noted again only when a reason comes.

        ``source``: the folder whose recordings belong to it.
        """
        before = [change for change in self.changes() if change.live]
        if before and before[-1].version == version and not why:
            self._write(version, content, source)  # somebody may have tidied up there
        else:
            self._keep(Change(version, self._now(), who, why), content, source)
        for name in FORMERLY:
            shutil.rmtree(self._state / name, ignore_errors=True)

    def holds(self, version: str, folder: Path) -> bool:
        """Whether the files in ``folder`` are those of a version, recordings and all."""
        listed = self._sounds.listed(self.content_folder(version))
        return read_content(folder) == self.content(version) and listed in (None, recorded(folder))

    def restore(self, version: str, folder: Path) -> list[str]:
        """Give ``folder`` the recordings of a version; the names of those that are not kept any more."""
        return self._sounds.restore(self.content_folder(version), folder)

    def put_aside(self, content: Content, source: Path, who: str, why: str) -> str:
        """Keep what a rollback is about to overwrite, ``source``'s recordings too; the version to name it by."""
        digest = hashlib.sha256()
        for name, raw in sorted(content.items()):
            digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
        digest.update(repr(sorted(recorded(source).items())).encode())
        version = digest.hexdigest()[:12]
        self._keep(Change(version, self._now(), who, why, live=False), content, source)
        return version

    def live(self) -> str:
        """The version that went live last. Raises UnknownVersion."""
        for change in reversed(self.changes()):
            if change.live:
                return change.version
        raise UnknownVersion(Message("nothing-live-yet"))

    def find(self, wanted: str, current: str) -> str:
        """The version that begins with ``wanted``; for "" the one that was live before ``current``.

        Raises UnknownVersion.
        """
        changes = self.changes()
        if not wanted:
            earlier = [change.version for change in changes if change.live and change.version != current]
            if not earlier:
                raise UnknownVersion(Message("no-earlier-version"))
            return earlier[-1]
        found = {change.version for change in changes if change.version.startswith(wanted)}
        if len(found) != 1:
            raise UnknownVersion(Message("several-versions" if found else "no-such-version", wanted=wanted))
        return found.pop()

    @property
    def _history(self) -> Path:
        return self.folder / "history.json"

    def _write(self, version: str, content: Content, source: Path | None) -> None:
        folder = self.content_folder(version)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_content(content, folder)
        if source is not None:
            self._sounds.keep(recorded(source), source, folder)

    def _keep(self, change: Change, content: Content, source: Path | None) -> None:
        self._write(change.version, content, source)
        changes = _remembered([*self.changes(), change])
        new = self._history.with_suffix(".new")
        new.write_text(json.dumps([asdict(each) for each in changes], ensure_ascii=False, indent=1), "utf-8")
        new.replace(self._history)
        kept = {each.version for each in changes}
        for stale in self.folder.iterdir():
            if stale.is_dir() and stale.name not in (*kept, self._sounds.pool.name):
                shutil.rmtree(stale, ignore_errors=True)
        older = dict.fromkeys(each.version for each in changes if each.version != change.version)
        for lost in self._sounds.bound(self.content_folder(each) for each in older):
            _log.warning("recordings-not-kept", version=lost.name, limit_mb=LIMIT // 2**20)


def _remembered(changes: list[Change]) -> list[Change]:
    """The newest, and in any case the last that was live: what the next engine may have to start on."""
    live = [change for change in changes if change.live][-1:]
    newest = changes[-KEPT:]
    return newest if not live or live[0] in newest else [*live, *newest[1:]]
