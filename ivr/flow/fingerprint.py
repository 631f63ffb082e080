"""What callers hear that is not written in YAML, as a hash: the texts and recordings of the prompts."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path


def prompts_fingerprint(folder: Path) -> bytes:
    """SHA-256 over every text and recording in the folders of languages in ``folder``; a file is read once a change."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*/*")):
        if path.suffix not in (".txt", ".wav"):
            continue
        try:
            content = file_hash(path)
        except OSError:
            content = b"unreadable"
        digest.update(f"{path.parent.name}/{path.name}\0".encode() + content)
    return digest.digest()


def file_hash(path: Path) -> bytes:
    """SHA-256 of a file, read once a change. Raises OSError."""
    stat = path.stat()
    return _content(path, stat.st_size, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=8192)
def _content(path: Path, size: int, changed: int, inode: int) -> bytes:
    """The hash of a file of that size, changed then (ns since 1970)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
