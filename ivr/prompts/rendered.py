"""The folder of rendered sounds: one folder a language, and in it an index from piece to sound."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ivr.speech import Language

INDEX = "index.json"


class Sound(msgspec.Struct, frozen=True, array_like=True):
    """A rendered piece: its file's name without ending, and its length in seconds."""

    stem: str
    seconds: float


class Index(msgspec.Struct, frozen=True):
    """What has been rendered in one language, by which voice.

    ``pieces``: by text; ``recordings``: by prompt name.
    """

    voice: str = ""
    licence: str = ""
    pieces: dict[str, Sound] = {}
    recordings: dict[str, Sound] = {}


@dataclass(frozen=True, slots=True)
class Rendered:
    """Rendered sounds under ``folder``."""

    folder: Path
    _read: dict[Language, Index] = field(default_factory=dict)

    def index(self, language: Language) -> Index:
        """The index as it was when first asked for; empty where nothing usable has been rendered."""
        if language not in self._read:
            try:
                self._read[language] = msgspec.json.decode((self.folder / language / INDEX).read_bytes(), type=Index)
            except (OSError, msgspec.MsgspecError):
                self._read[language] = Index()
        return self._read[language]

    def path(self, language: Language, sound: Sound) -> Path:
        """The sound's file without its ending, as Asterisk wants it."""
        return self.folder.absolute() / language / sound.stem

    def write(self, language: Language, index: Index) -> None:
        """Replace the language's index at once: a reader sees the old one or the new one."""
        target = self.folder / language / INDEX
        fresh = target.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(msgspec.json.encode(index))
        fresh.replace(target)
        self._read[language] = index
