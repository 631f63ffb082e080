"""Music on hold that begins at once: the pieces' own slow beginnings would be dead air to a caller."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import imageio_ffmpeg

from ivr.debian import Progress, cache
from ivr.messages import Message

FILTER = "silenceremove=start_periods=1:start_threshold=-32dB,highpass=f=200,loudnorm=I=-26:TP=-3:LRA=7"
"""Cut until it is heard; then a little below the level of speech (-22)."""

SECONDS = 120.0


def prepared(music: Path, progress: Progress) -> Path:
    """The folder of the pieces of ``music`` made ready, from the cache or made now; ``music`` itself if none can be."""
    folder = cache() / "music-1"
    pieces = sorted(music.glob("*.wav"))
    missing = [piece for piece in pieces if not (folder / piece.name).exists()]
    if missing:
        progress(Message("music-prepared", count=len(missing)))
        folder.mkdir(parents=True, exist_ok=True)
    for piece in missing:
        try:
            _prepare(piece, folder / piece.name)
        except (OSError, subprocess.SubprocessError) as error:
            progress(Message("music-left", why=type(error).__name__))
            return music
    return folder if pieces else music


def _prepare(piece: Path, made: Path) -> None:
    fresh = made.with_name(f".{os.getpid()}-{made.name}")
    options = ["-y", "-loglevel", "error", "-i", str(piece), "-af", FILTER, "-ar", "8000", "-ac", "1", str(fresh)]
    try:
        subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), *options], check=True, timeout=SECONDS, capture_output=True)  # noqa: S603
        fresh.replace(made)
    finally:
        fresh.unlink(missing_ok=True)
