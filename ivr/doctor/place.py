"""Where something will be written: is there room to make it?"""

from __future__ import annotations

import os
from pathlib import Path


def nearest(path: Path) -> Path:
    """The path itself, or the innermost folder above it that exists."""
    return next(place for place in (path, *path.parents) if place.exists())


def writable(folder: Path) -> bool:
    """Whether this user can make files there, the folder itself included if it does not exist yet."""
    place = nearest(folder)
    return place.is_dir() and os.access(place, os.W_OK)
