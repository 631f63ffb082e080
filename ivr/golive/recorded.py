"""Recorded prompts of versions: each sound on the disk once, however many versions have it, all within a bound."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from ivr.flow.fingerprint import file_hash
from ivr.flow.service import PROMPTS

LIMIT = 256 * 1024 * 1024
"""Bytes of all versions' recordings together; beyond it the oldest versions lose theirs, never the newest."""

LIST = "recorded.json"
"""In a version's folder: its recordings, path -> SHA-256; not there in versions of engines that kept none."""

Recorded = Mapping[str, str]


def recorded(folder: Path) -> dict[str, str]:
    """Path -> SHA-256 of each recording in a configuration's folder. Raises OSError."""
    found: dict[str, str] = {}
    for path in sorted((folder / PROMPTS).glob("*/*.wav")):
        try:
            found[path.relative_to(folder).as_posix()] = file_hash(path).hex()
        except FileNotFoundError:
            continue
    return found


class Sounds:
    """The recordings of the versions in ``versions``: one file a sound, which versions link to. Raises OSError."""

    def __init__(self, versions: Path) -> None:
        self._versions, self.pool = versions, versions / "sounds"

    def keep(self, wanted: Recorded, source: Path, version: Path) -> None:
        """Put ``source``'s recordings into a version's folder. One that has changed meanwhile comes with the next."""
        self.pool.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, digest in wanted.items():
            if not (version / name).exists() and self.pooled(source / name, digest):
                (version / name).parent.mkdir(parents=True, exist_ok=True)
                _link(self.pool / digest, version / name)
        _write(version / LIST, json.dumps(wanted, indent=1).encode())

    def listed(self, version: Path) -> dict[str, str] | None:
        """What a version had; None for one of an engine that kept no recordings."""
        try:
            return dict(json.loads((version / LIST).read_bytes()))
        except (FileNotFoundError, ValueError):
            return None

    def restore(self, version: Path, folder: Path) -> list[str]:
        """Make ``folder`` hold a version's recordings and no other; those that are kept no longer, left as they are."""
        wanted = self.listed(version)
        if wanted is None:
            return []
        stands = recorded(folder)
        for name in stands.keys() - wanted.keys():
            (folder / name).unlink(missing_ok=True)
        changed = [name for name, digest in wanted.items() if stands.get(name) != digest]
        for name in changed:
            if (version / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                _write(folder / name, (version / name).read_bytes())
        return [name for name in changed if not (version / name).exists()]

    def bound(self, versions: Iterable[Path]) -> list[Path]:
        """Forget sounds that no version has, and of ``versions`` (the oldest first, the newest left out) the recordings
        that are too many; those versions that lost theirs."""
        lost = []
        over = self._tidied() - LIMIT
        for version in versions:
            if over <= 0:
                break
            wavs = list((version / PROMPTS).glob("*/*.wav"))
            for wav in wavs:
                wav.unlink()
            lost += [version] if wavs else []
            over = self._tidied() - LIMIT
        return lost

    def pooled(self, path: Path, digest: str) -> bool:
        """Whether the sound is kept now: the file may be another one by now, or gone."""
        if not (self.pool / digest).exists():
            try:
                raw = path.read_bytes()
            except FileNotFoundError:
                return False
            if hashlib.sha256(raw).hexdigest() != digest:
                return False
            _write(self.pool / digest, raw)
        return True

    def _tidied(self) -> int:
        """Bytes of the sounds that a version has; the others are removed."""
        if not self.pool.exists():
            return 0
        states = [(sound, sound.stat()) for sound in self.pool.iterdir()]
        for sound, state in states:
            if state.st_nlink == 1:
                sound.unlink()
        return sum(state.st_size for _, state in states if state.st_nlink > 1)


def _link(sound: Path, path: Path) -> None:
    """Where the file system knows no second name for a file, it is kept twice."""
    try:
        os.link(sound, path)
    except OSError:
        shutil.copyfile(sound, path)


def _write(path: Path, raw: bytes) -> None:
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(raw)
    new.replace(path)
