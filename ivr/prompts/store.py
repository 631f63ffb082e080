"""Sounds on disk, named by what they are made of, so that a sound is made once; shared through a cache."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from ivr.prompts import level, wav
from ivr.prompts.rendered import Sound
from ivr.prompts.voices import Pcm

_HEADER = 44


class Store:
    """The sounds of one language in ``folder``, copied from and into ``cache`` where there is one."""

    def __init__(self, folder: Path, cache: Path | None) -> None:
        self.folder, self.cache = folder, cache
        folder.mkdir(parents=True, exist_ok=True)
        self._present = {path.stem: path.stat().st_size for path in folder.glob("*.wav")}

    def has(self, stem: str) -> bool:
        """Whether the sound is here, or has now been taken from the cache."""
        if stem not in self._present and self.cache:
            cached = self.cache / f"{stem}.wav"
            if cached.exists():
                self._take(cached)
        return stem in self._present

    def sound(self, stem: str) -> Sound:
        """A sound that is here."""
        return Sound(stem, round((self._present[stem] - _HEADER) / 2 / level.RATE, 3))

    def put(self, stem: str, samples: Pcm) -> None:
        """Keep a new sound, in the cache too."""
        target = self.folder / f"{stem}.wav"
        wav.write(target, samples)
        self._present[stem] = target.stat().st_size
        if self.cache:
            self._offer(target)

    def silence(self, seconds: float) -> Sound:
        """A silence so long."""
        stem = f"silence-{round(seconds * 1000)}"
        if not self.has(stem):
            self.put(stem, level.silence(seconds))
        return self.sound(stem)

    def recording(self, path: Path) -> tuple[Sound, bool]:
        """Somebody's recording made fit for the telephone, and whether that was done now."""
        stem = named("recording", path.read_bytes())
        fresh = not self.has(stem)
        if fresh:
            self.put(stem, level.from_file(str(path)))
        return self.sound(stem), fresh

    def keep_only(self, stems: set[str]) -> None:
        """Remove every other sound, and what an interrupted build left."""
        for path in self.folder.iterdir():
            left = path.suffix[1:].isdigit() or (path.suffix == ".wav" and path.stem not in stems)
            if left:
                path.unlink(missing_ok=True)

    def _take(self, cached: Path) -> None:
        target = self.folder / cached.name
        _copy(cached, target)
        self._present[cached.stem] = target.stat().st_size

    def _offer(self, target: Path) -> None:
        """A cache that cannot be written is no reason to fail."""
        try:
            if self.cache:
                self.cache.mkdir(parents=True, exist_ok=True)
                _copy(target, self.cache / target.name)
        except OSError:
            self.cache = None


def named(voice: str, content: bytes) -> str:
    """The name of the sound that ``voice`` makes of ``content`` with the present settings."""
    return hashlib.sha256(f"{level.VERSION}\0{voice}\0".encode() + content).hexdigest()[:20]


def _copy(source: Path, target: Path) -> None:
    """The file in a second place, whole or not at all; a link would tie the two together."""
    fresh = target.with_suffix(f".{os.getpid()}")
    shutil.copyfile(source, fresh)
    fresh.replace(target)
