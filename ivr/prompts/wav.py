"""Reading and writing of .wav files of one channel and 16 bits."""

from __future__ import annotations

import os
import wave
from pathlib import Path

from ivr.prompts.voices import Pcm, SynthesisError


def read(path: Path) -> Pcm:
    """The sound of a synthesiser's file. Raises SynthesisError when it is none."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                raise SynthesisError("the sound is not 16-bit mono")
            return Pcm(file.getframerate(), file.readframes(file.getnframes()))
    except (OSError, EOFError, wave.Error) as error:
        raise SynthesisError(f"no sound was written: {error}") from None


def write(path: Path, sound: Pcm) -> None:
    """Write ``sound`` whole or not at all."""
    fresh = path.with_suffix(f".{os.getpid()}")
    with wave.open(str(fresh), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(sound.samples)
    fresh.replace(path)
